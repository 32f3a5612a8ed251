import { expect, test } from 'vitest';
import type { VerifyAdviceResult } from '../../src/model/advice.ts';
import { openStore } from '../../src/store/store.ts';
import { adviceOf, storedOf, verificationOf } from '../analysis/advice/advice.ts';
import { freshPlace } from './place.ts';
import { NEW_RUN, RUN } from './samples.ts';

const ADVICE = adviceOf('healthcheck-interval', 5);

function resultOf(runId: string, finishedAt: string): VerifyAdviceResult {
  return {
    schemaVersion: 1,
    workflowId: 'verifyAdvice/shop/1',
    runId,
    ofRun: RUN.runId,
    project: 'shop',
    startedAt: '2026-01-01T00:00:00.000Z',
    finishedAt,
    cancelled: false,
    tried: [],
    together: null,
    errors: [],
    notes: [],
  };
}

test('the newest verification of a remedy replaces the one before, and a run that is deleted takes it along', async () => {
  const store = await openStore(await freshPlace());
  try {
    await store.openRun(NEW_RUN);
    expect(await store.newestVerification(RUN.runId)).toBeNull();
    const [first, second] = [resultOf('v-1', '2026-01-02T00:00:00.000Z'), resultOf('v-2', '2026-01-03T00:00:00.000Z')];
    const stored = (saved: number, at: string) => storedOf(ADVICE, verificationOf(saved), { runId: RUN.runId, at });
    await store.saveVerification(first, [stored(3, first.finishedAt)]);
    await store.saveVerification(second, [stored(5, second.finishedAt)]);
    // A second attempt of the activity stores the same again.
    await store.saveVerification(second, [stored(5, second.finishedAt)]);
    expect(await store.verifications({ project: 'shop' })).toEqual([stored(5, second.finishedAt)]);
    expect(await store.verifications({ project: 'other' })).toEqual([]);
    expect(await store.newestVerification(RUN.runId)).toEqual(second);
    expect(await store.sourceSpec(RUN.runId)).toEqual(NEW_RUN.source);
    await store.deleteRun(RUN.runId);
    expect(await store.verifications()).toEqual([]);
    expect(await store.newestVerification(RUN.runId)).toBeNull();
  } finally {
    await store.close();
  }
});
