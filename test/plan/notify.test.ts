import { describe, expect, it, test } from 'vitest';
import { resolvePlan } from '../../src/plan/resolve.ts';
import { writtenPlan } from '../../src/plan/written.ts';

const planWith = (...notify: object[]) => resolvePlan({ notify }, { folderName: 'shop' });

const MAIL = { to: 'email', url: 'smtps://me@mail.example.com', from: 'a@example.com', recipients: ['b@example.com'] };

describe('the receivers of a plan', () => {
  it('are completed, and written the same way again', () => {
    const plan = planWith(
      { to: 'slack', urlEnv: 'PACELINE_NOTIFY_SLACK' },
      { ...MAIL, name: 'the team', on: ['missed'] },
    );
    expect(plan.notify?.map(({ name, on }) => [name, on.length])).toEqual([
      ['plan/slack', 5],
      ['plan/the team', 1],
    ]);
    expect(resolvePlan(writtenPlan(plan), { folderName: 'other' })).toEqual(plan);
  });

  test.each<[string, object[], string]>([
    ['a variable that is not for notifications', [{ to: 'webhook', urlEnv: 'GITHUB_TOKEN' }], 'must not read'],
    [
      'a signing key of another variable',
      [{ to: 'webhook', url: 'https://a.example', secretEnv: 'AWS_SECRET' }],
      'must not read',
    ],
    ['a file', [{ to: 'webhook', urlFile: '/etc/passwd' }], 'urlFile'],
    ['a password file', [{ ...MAIL, passwordFile: '/etc/shadow' }], 'passwordFile'],
    ['no URL', [{ to: 'webhook' }], 'no URL'],
    ['two URLs', [{ to: 'webhook', url: 'https://a.example', urlEnv: 'PACELINE_NOTIFY_A' }], 'no URL, or several'],
    ['a Slack URL in the open', [{ to: 'slack', url: 'https://hooks.slack.com/services/T/B/x' }], 'secret'],
    ['a user in a URL', [{ to: 'webhook', url: 'https://me:pw@a.example' }], 'without user'],
    ['a query in a URL', [{ to: 'webhook', url: 'https://a.example/?key=1' }], 'without user and query'],
    ['a password in a mail URL', [{ ...MAIL, url: 'smtps://me:pw@mail.example.com' }], 'without a password'],
    [
      'e-mail without recipients',
      [{ to: 'email', url: 'smtps://mail.example.com', from: 'a@example.com' }],
      'recipients',
    ],
    ['an address with a line break', [{ ...MAIL, recipients: ['b@example.com\nBcc: c@example.com'] }], 'recipients'],
    [
      'the same name twice',
      [
        { to: 'slack', urlEnv: 'PACELINE_NOTIFY_A' },
        { to: 'slack', urlEnv: 'PACELINE_NOTIFY_B' },
      ],
      'name of another',
    ],
  ])('refuse %s', (_, notify, words) => {
    expect(() => planWith(...notify)).toThrow(words);
  });
});
