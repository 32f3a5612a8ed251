import { expect, test } from 'vitest';
import { LinesView } from '../../src/cli/run/view.ts';
import type { Progress } from '../../src/model/progress.ts';

test('plain lines show resource usage once a minute, but not for a step that ends before', () => {
  let nowMs = 0;
  let written = '';
  const view = new LinesView(
    (text) => (written += text),
    () => nowMs,
  );
  const step = { id: 'trial:full:1', title: 'Full', state: 'running', targetSeconds: null } as const;
  view.show({ steps: [step], notes: [] } as unknown as Progress);
  written = '';
  const told: number[] = [];
  for (; nowMs <= 130_000; nowMs += 1_000) {
    const usage = new Map([['trial:full:1', ['tests  98 %', 'db      1 %']]]);
    if (nowMs < 10_000) usage.set('trial:short:1', ['db  1 %']);
    view.showUsage(usage);
    if (written !== '') told.push(nowMs);
    expect(['', '  Full: tests  98 %\n  Full: db      1 %\n']).toContain(written);
    written = '';
  }
  expect(told).toEqual([60_000, 120_000]);
});
