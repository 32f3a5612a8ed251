import { describe, expect, test } from 'vitest';
import type { Progress, Step } from '../../../src/model/progress.ts';
import { analyze } from '../../../src/analysis/analyze.ts';
import { renderCurrentDetails } from '../../../src/report/live/current-details.ts';
import { progressEvents, renderProgress } from '../../../src/report/live/progress.ts';
import { displayWidth } from '../../../src/report/text/width.ts';
import { factsOf } from '../../analysis/facts.ts';

const STARTED = Date.UTC(2026, 2, 1, 2, 1, 10);
const PLAIN = { color: false, width: 80 };

function step(title: string, change: Partial<Step> = {}): Step {
  return {
    id: title,
    title,
    state: 'pending',
    startedAtMs: null,
    targetSeconds: null,
    seconds: null,
    verdict: null,
    note: null,
    ...change,
  };
}

const done = { state: 'done', startedAtMs: STARTED } as const;
const STEPS = [
  step('Prepare', { ...done, note: '4 scenarios' }),
  step('Build (cold)', { ...done, targetSeconds: 120, seconds: 41.2, verdict: 'pass', note: '0 of 8 steps cached' }),
  step('Start services', { ...done, targetSeconds: 60, seconds: 71, verdict: 'missed', note: 'db' }),
  step('Full Test Suite', { state: 'running', startedAtMs: STARTED, targetSeconds: 180 }),
  step('Quick Tests Only', { targetSeconds: 120 }),
];

function progress(change: Partial<Progress> = {}): Progress {
  return { project: 'shop', commit: '1a2b3c4d5e6f', steps: STEPS, notes: [], result: null, ...change };
}

describe('live progress', () => {
  test('shows what is done, what runs for how long, and what is to come', () => {
    expect(renderProgress(progress(), STARTED + 12_345, PLAIN)).toEqual([
      'shop at 1a2b3c4',
      '  ✅ Prepare                                4 scenarios',
      '  ✅ Build (cold)          41.2 s  < 2 min  0 of 8 steps cached',
      '  ❌ Start services    1 min 11 s  < 1 min  db',
      '  ⠸  Full Test Suite         12 s  < 3 min',
      '  ·  Quick Tests Only              < 2 min',
    ]);
  });

  test('shows below a running step what its containers use, a line each', () => {
    const usage = new Map([
      ['Full Test Suite', ['tests  98 %  412 MB  ↓1.2 MB  ↑80 kB', `db     12 %   64 MB  ${'x'.repeat(80)}`]],
      ['Start services', ['is over']],
    ]);
    const rows = renderProgress(progress(), STARTED, { ...PLAIN, usage });
    expect(rows).toHaveLength(8);
    expect(rows[5]).toBe('     tests  98 %  412 MB  ↓1.2 MB  ↑80 kB');
    expect(rows[6]).toMatch(/^ {5}db {5}12 % {3}64 MB {2}x+…$/);
  });

  test('leaves half of a low terminal to the steps, and shows the busiest containers', () => {
    const usage = new Map([['Full Test Suite', Array.from({ length: 20 }, (_, i) => `container ${i}`)]]);
    const rows = renderProgress(progress(), STARTED, { ...PLAIN, usage, height: 10 });
    expect(rows.length).toBeLessThanOrEqual(10);
    expect(rows.filter((row) => row.includes('container'))).toHaveLength(5);
    expect(rows.join('\n')).toContain('Full Test Suite');
  });

  test('keeps every line within the width, in colour too', () => {
    const long = step(`表${'x'.repeat(200)}`, { ...done, verdict: 'failed', note: 'y'.repeat(200) });
    for (const color of [false, true]) {
      const rows = renderProgress(progress({ steps: [long, ...STEPS] }), STARTED, { color, width: 60 });
      // oxlint-disable-next-line no-control-regex
      const widths = rows.map((line) => displayWidth(line.replaceAll(/\u001b\[\d+m/g, '')));
      expect(Math.max(...widths)).toBeLessThan(60);
    }
  });

  test.each([5, 8, 12])('keeps to %d lines by leaving out what is far from the running step', (height) => {
    const steps = Array.from({ length: 40 }, (_, i) =>
      step(
        `Step ${i}`,
        i < 20 ? { ...done, verdict: 'pass' } : i === 20 ? { state: 'running', startedAtMs: STARTED } : {},
      ),
    );
    const rows = renderProgress(progress({ steps }), STARTED, { ...PLAIN, height });
    expect(rows.length).toBeLessThanOrEqual(height);
    expect(rows.join('\n')).toContain('Step 20');
    const left = /… (\d+) finished[^]*… (\d+) to come/.exec(rows.join('\n'))!;
    expect(Number(left[1]) + Number(left[2]) + (rows.length - 3)).toBe(40);
  });

  test('never shows a negative time, should the two clocks differ', () => {
    expect(renderProgress(progress(), STARTED - 5000, PLAIN).join('\n')).not.toContain('-');
  });

  test('has a heading before anything is known', () => {
    expect(renderProgress({ project: null, commit: null, steps: [], notes: [], result: null }, 0, PLAIN)).toEqual([
      'Paceline',
    ]);
  });

  test('writes out control characters in foreign names', () => {
    const rows = renderProgress(progress({ steps: [step('a\u001b[2Jb\n\nc')] }), 0, PLAIN);
    expect(rows[1]).toContain('a\\x1b[2Jb c');
  });
});

describe('plain lines', () => {
  test('tell each beginning and each end once', () => {
    const end = { state: 'done', seconds: 38.2, verdict: 'pass', note: '312 passed' } as const;
    const later = progress({
      steps: STEPS.map((s) => (s.title === 'Full Test Suite' ? { ...s, ...end } : s)),
      notes: ['A worker was replaced.'],
    });
    expect(progressEvents(progress(), later)).toEqual([
      '✅ Full Test Suite: 38.2 s; 312 passed',
      '· A worker was replaced.',
    ]);
    expect(progressEvents(later, later)).toEqual([]);
  });

  test('begin with all that has happened already', () => {
    expect(progressEvents(null, progress())).toEqual([
      '▶ Prepare',
      '✅ Prepare: 4 scenarios',
      '▶ Build (cold) (target: under 2 min)',
      '✅ Build (cold): 41.2 s; 0 of 8 steps cached',
      '▶ Start services (target: under 1 min)',
      '❌ Start services: 1 min 11 s; db',
      '▶ Full Test Suite (target: under 3 min)',
    ]);
  });

  test('are one line each, whatever a note holds', () => {
    const steps = [step('a', { ...done, verdict: 'failed', note: 'one\ntwo\r::error::three' })];
    expect(progressEvents(null, progress({ steps }))).toEqual(['▶ a', '❌ a: one two ::error::three']);
  });
});

describe('current details', () => {
  test('are a table, with the time since which a step runs', () => {
    const details = renderCurrentDetails(progress({ notes: ['A | note'] }));
    expect(details.replaceAll('\u00a0', '_')).toBe(
      [
        '### shop at 1a2b3c4',
        '',
        '| Step | Time | Target |  |',
        '| --- | ---: | ---: | --- |',
        '| _✅ Prepare_ |  |  | _4 scenarios_ |',
        '| _✅ Build (cold)_ | _41.2 s_ | _\\< 2 min_ | _0 of 8 steps cached_ |',
        '| _❌ Start services_ | _1 min 11 s_ | _\\< 1 min_ | _db_ |',
        '| _▶️ Full Test Suite_ | _since 02:01:10 UTC_ | _\\< 3 min_ |  |',
        '| _Quick Tests Only_ |  | _\\< 2 min_ |  |',
        '',
        '- A \\| note',
      ].join('\n'),
    );
  });

  test('begin with the verdict once there is one', () => {
    const result = analyze(factsOf());
    expect(renderCurrentDetails(progress({ result }))).toContain(`### pass: shop at 1a2b3c4\n\n${result.summary}`);
  });

  test('are empty before anything is known', () => {
    expect(renderCurrentDetails({ project: null, commit: null, steps: [], notes: [], result: null })).toBe('');
  });
});
