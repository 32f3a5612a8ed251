import { describe, expect, test } from 'vitest';
import { decideTask, exitCodeOf, failingVerdicts, type Known, worseVerdict } from '../../../src/cli/ci/decide.ts';
import { type CiEvent, eventOf } from '../../../src/cli/ci/event.ts';

const SHA = 'a'.repeat(40);
const BASE = 'b'.repeat(40);
const KNOWN: Known = { base: BASE, whyNoBase: '', hasBaseline: true, hardware: 'AMD EPYC, 4 CPUs' };
const PULL: CiEvent = { kind: 'change', pullRequest: 7, headCommit: SHA, baseCommit: BASE, baseBranch: 'main' };
const PUSH: CiEvent = { kind: 'default', branch: 'main', before: null };

describe('what a job measures', () => {
  test.each<[string, Parameters<typeof decideTask>, ReturnType<typeof decideTask>['kind']]>([
    ['the default branch is recorded', ['auto', PUSH, KNOWN], 'record'],
    ['the first run ever is recorded', ['auto', PUSH, { ...KNOWN, hasBaseline: false, base: null }], 'record'],
    ['a change is checked against the baseline of this hardware', ['auto', PULL, KNOWN], 'check'],
    [
      'without such a baseline it is compared with its base',
      ['auto', PULL, { ...KNOWN, hasBaseline: false }],
      'compare',
    ],
    ['mode run never compares all of it', ['run', PULL, { ...KNOWN, hasBaseline: false }], 'check'],
    ['mode compare compares in spite of a baseline', ['compare', PULL, KNOWN], 'compare'],
    ['a change without a base is measured alone', ['auto', PULL, { ...KNOWN, base: null }], 'measure'],
    ['a tag is measured and not recorded', ['auto', { kind: 'other', why: 'a tag' }, KNOWN], 'measure'],
  ])('%s', (_, given, kind) => {
    expect(decideTask(...given).kind).toBe(kind);
  });

  test('mode compare without a base says what to set', () => {
    expect(() => decideTask('compare', PULL, { ...KNOWN, base: null, whyNoBase: 'Set `fetch-depth: 0`.' })).toThrow(
      'Set `fetch-depth: 0`.',
    );
  });
});

describe('which verdicts fail a job', () => {
  test('a missed target fails the default branch, and not a change', () => {
    expect(exitCodeOf('missed', failingVerdicts('', PUSH))).toBe(1);
    expect(exitCodeOf('missed', failingVerdicts('', PULL))).toBe(0);
  });

  test.each([
    ['regressed', 1],
    ['failed', 1],
    ['error', 2],
    ['inconclusive', 0],
    ['pass', 0],
  ] as const)('of a change, %s ends with %i', (verdict, code) => {
    expect(exitCodeOf(verdict, failingVerdicts('', PULL))).toBe(code);
  });

  test('a list replaces the default, and `none` fails nothing', () => {
    expect(failingVerdicts('inconclusive, regressed', PULL)).toEqual(['inconclusive', 'regressed']);
    expect(failingVerdicts('none', PUSH)).toEqual([]);
  });

  test('an unknown verdict is refused by name', () => {
    expect(() => failingVerdicts('slow', PULL)).toThrow('"slow"');
    expect(() => failingVerdicts('pass', PULL)).toThrow('"pass"');
  });

  test('the worse of two verdicts counts', () => {
    expect(worseVerdict('pass', 'regressed')).toBe('regressed');
    expect(worseVerdict('failed', 'regressed')).toBe('failed');
  });
});

describe('what started a job', () => {
  const pull = { number: 7, pull_request: { head: { sha: SHA }, base: { sha: BASE, ref: 'main' } } };
  const repository = { default_branch: 'main' };

  test.each<[string, NodeJS.ProcessEnv, Readonly<Record<string, unknown>>, CiEvent]>([
    ['a pull request', { GITHUB_EVENT_NAME: 'pull_request' }, pull, PULL],
    [
      'a push to the default branch',
      { GITHUB_EVENT_NAME: 'push', GITHUB_REF: 'refs/heads/main' },
      { repository, before: '0'.repeat(40) },
      PUSH,
    ],
    [
      'a schedule, which runs on the default branch',
      { GITHUB_EVENT_NAME: 'schedule', GITHUB_REF: 'refs/heads/main' },
      { repository },
      PUSH,
    ],
    [
      'a push to another branch is a change to the default one',
      { GITHUB_EVENT_NAME: 'push', GITHUB_REF: 'refs/heads/topic' },
      { repository },
      { kind: 'change', pullRequest: null, headCommit: null, baseCommit: null, baseBranch: 'main' },
    ],
    [
      'an entry of a merge queue',
      { GITHUB_EVENT_NAME: 'merge_group' },
      { merge_group: { head_sha: SHA, base_sha: BASE, base_ref: 'refs/heads/main' } },
      { ...PULL, pullRequest: null },
    ],
    ['no event at all', {}, {}, { kind: 'default', branch: null, before: null }],
  ])('%s', (_, env, event, expected) => {
    expect(eventOf(env, event)).toEqual(expected);
  });

  test('a hostile event file names no commit, branch or number', () => {
    const hostile = {
      number: '7; rm',
      pull_request: { head: { sha: '--upload-pack=x' }, base: { sha: 5, ref: 'a\nb' } },
    };
    expect(eventOf({ GITHUB_EVENT_NAME: 'pull_request' }, hostile)).toEqual({
      kind: 'change',
      pullRequest: null,
      headCommit: null,
      baseCommit: null,
      baseBranch: null,
    });
  });

  test('`pull_request_target` is not measured as a change', () => {
    expect(eventOf({ GITHUB_EVENT_NAME: 'pull_request_target' }, pull).kind).toBe('other');
  });
});
