import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type ResultOne, upgradeResult } from '../../src/model/upgrade-result.ts';
import { renderMarkdown } from '../../src/report/formats/markdown.ts';
import { resultSchema } from '../../src/report/schema/result-schema.ts';
import { analyze } from '../../src/analysis/analyze.ts';
import { factsOf } from '../analysis/facts.ts';
import { openStore } from '../../src/store/store.ts';
import { NEW_RUN, RUN } from '../store/samples.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const STORED = JSON.parse(
  readFileSync(new URL('../fixtures/results/version-1.json', import.meta.url), 'utf8'),
) as ResultOne;

test('a result of version 1 becomes one of this version, by the schema', () => {
  const result = upgradeResult(STORED);
  expect(resultSchema.parse(result)).toEqual(result);
  expect(result.scenarios[0]!.trials[0]!.concurrentWith).toEqual(STORED.scenarios[0]!.trials[0]!.beside);
  expect(result.scenarios[0]!.minimumDetectableEffect).toBe(STORED.scenarios[0]!.smallestEffect);
  expect(result.advice[0]).toMatchObject({
    kind: 'opportunity',
    where: null,
    saves: { figure: 'startup.duration', unit: 'second', predicted: { value: STORED.advice[0]!.savedSeconds } },
    remedy: null,
  });
});

test('its report still says what advice saves', () => {
  expect(renderMarkdown(upgradeResult(STORED))).toContain('(saves 3 s of the start-up, predicted)');
});

test('a result of this version, and that of a comparison, stay as they are', () => {
  const result = analyze(factsOf());
  expect(upgradeResult(result)).toBe(result);
  const comparison = { schemaVersion: 1, parts: [] } as unknown as ResultOne;
  expect(upgradeResult(comparison)).toBe(comparison);
});

test('the store reads what an older version stored', async () => {
  const store = await openStore({ dataDirectory: temporaryFolder() });
  await store.openRun(NEW_RUN);
  const stored = STORED as unknown as Parameters<typeof store.finishRun>[1]['result'];
  await store.finishRun(RUN, { result: stored, verdict: stored.verdict, finishedAt: NEW_RUN.startedAt });
  expect(await store.result(RUN.runId)).toEqual(upgradeResult(STORED));
  await store.close();
});
