import { describe, expect, test } from 'vitest';
import type { Step } from '../../src/model/progress.ts';
import { renderMain, renderPage } from '../../src/report/formats/html/page.ts';
import type { RunNow, Standing } from '../../src/report/live/run-now.ts';
import { runNowPage } from '../../src/report/pages/run-now.ts';

function step(id: string, state: Step['state'], more: Partial<Step> = {}): Step {
  return {
    id,
    title: id,
    state,
    startedAtMs: null,
    targetSeconds: null,
    seconds: null,
    verdict: null,
    note: null,
    ...more,
  };
}

const NOW: RunNow = {
  workflowId: 'benchmark/shop/1a2b3c4/1',
  runId: '01a2',
  project: 'shop',
  commit: '1a2b3c4d5e',
  branch: 'main',
  startedAt: '2026-11-29T07:00:00.000Z',
  standing: { kind: 'running' },
  steps: [],
  stepsAreOld: false,
  notes: [],
  troubles: [],
  usage: [],
  outputs: [],
  uiUrl: null,
  seenAtMs: 100_000,
};

function summaryOf(now: Partial<RunNow>): string | undefined {
  return runNowPage({ ...NOW, ...now }).headline?.summary;
}

const TRIALS = [
  step('trial:full:1', 'done', { seconds: 12 }),
  step('trial:full:2', 'running', { startedAtMs: 88_500 }),
  step('trial:full:3', 'pending'),
];

describe('the summary', () => {
  test.each<[name: string, now: Partial<RunNow>, summary: string]>([
    ['before the first step', {}, 'The run begins.'],
    ['between two steps', { steps: [step('prepare', 'done'), step('build:cold', 'pending')] }, 'The next step begins.'],
    ['of a build', { steps: [step('build:cold', 'running'), ...TRIALS.slice(2)] }, 'build:cold.'],
    ['of a trial', { steps: TRIALS }, 'Trial 2 of 3: trial:full:2.'],
    [
      'of two trials at a time',
      { steps: [...TRIALS.slice(0, 2), step('trial:full:3', 'running')] },
      '2 trials at a time, up to trial 3 of 3: trial:full:2, trial:full:3.',
    ],
    [
      'without a worker',
      { steps: TRIALS, standing: { kind: 'waitsForWorker' }, stepsAreOld: true },
      'No worker answers. The run waits for one and then continues where it stopped. Start `paceline up` or `paceline worker` on its host. The steps below are what was known last.',
    ],
    [
      'without a server',
      { standing: { kind: 'serverSilent' } },
      'The Temporal server does not answer, so the state of the run is not known.',
    ],
    [
      'of a terminated run',
      { standing: { kind: 'closed', how: 'terminated' } },
      'The workflow was terminated, so there is no result.',
    ],
  ])('%s', (_, now, summary) => {
    expect(summaryOf(now)).toBe(summary);
  });
});

function rowsOf(now: Partial<RunNow>) {
  const [steps] = runNowPage({ ...NOW, ...now }).lead;
  const block = steps?.summary[0];
  return block?.kind === 'figures' ? block.rows : [];
}

test('a running step shows for how long, in whole seconds, and a finished one how long it took', () => {
  expect(rowsOf({ steps: TRIALS }).map(({ value }) => value)).toEqual([
    { kind: 'quantity', value: 12, unit: 'second' },
    { kind: 'quantity', value: 11, unit: 'second' },
    null,
  ]);
});

test.each<[Standing, string]>([
  [{ kind: 'waitsForWorker' }, 'was running'],
  [{ kind: 'serverSilent' }, 'was running'],
  [{ kind: 'closed', how: 'failed' }, 'not finished'],
])('a step without a worker has no time: %j', (standing, note) => {
  expect(rowsOf({ steps: TRIALS, standing })[1]).toMatchObject({ value: null, note });
});

test('of a thousand trials those around the running one are shown, and the others are counted', () => {
  const steps = Array.from({ length: 1_000 }, (_, i) => {
    const state = i < 500 ? 'done' : i === 500 ? 'running' : 'pending';
    return step(`trial:full:${i + 1}`, state);
  });
  const titles = rowsOf({ steps }).map(({ title }) => title);
  expect([titles.at(0), titles.at(-1), titles.length]).toEqual(['trial:full:489', 'trial:full:505', 17]);
  const [section] = runNowPage({ ...NOW, steps }).lead;
  expect(section?.summary[1]).toEqual({
    kind: 'paragraph',
    text: [['488 before these', ', ', '495 more to come'], '.'],
  });
});

test('what the tests print is text, whatever it looks like', () => {
  const html = renderMain(
    runNowPage({
      ...NOW,
      project: '<script>alert(1)</script>',
      outputs: [{ trial: 'full-1-1', lines: ['</pre><img src=x onerror=alert(1)>', '\u001b[31mred'], isCut: false }],
      troubles: ['<b>bold</b>'],
    }),
  );
  expect(html).not.toMatch(/<script|<img|<b>/);
  expect(html).toContain('&lt;/pre&gt;&lt;img src=x onerror=alert(1)&gt;');
});

test('the workflow is a link where a UI is known', () => {
  const uiUrl = 'http://127.0.0.1:4321/namespaces/default/workflows/w/r';
  expect(renderMain(runNowPage({ ...NOW, uiUrl }))).toContain(
    `<a href="${uiUrl}">workflow benchmark/shop/1a2b3c4/1</a>`,
  );
  expect(renderMain(runNowPage(NOW))).toContain('<code>benchmark/shop/1a2b3c4/1</code>');
});

test('only a page that follows a run may connect to its server, and has a line for those without scripts', () => {
  const options = { assets: { folder: '../../assets/' } };
  const live = renderPage(runNowPage(NOW), { ...options, live: '/live/01a2' });
  expect(live).toContain('data-live="/live/01a2"');
  expect(live).toContain('connect-src &#39;self&#39;');
  expect(live).toContain('scripts are off');
  const still = renderPage(runNowPage(NOW), options);
  expect(still).not.toMatch(/data-live|connect-src|scripts are off/);
});
