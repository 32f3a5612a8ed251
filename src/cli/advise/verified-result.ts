import { withVerifications } from '../../analysis/advice/with-verifications.ts';
import type { RunResult } from '../../model/result.ts';
import type { Store } from '../../store/store.ts';

/** A stored result, with what was verified of its advice since. null if the run has none. */
export async function verifiedResult(
  store: Pick<Store, 'result' | 'verifications'>,
  runId: string,
): Promise<RunResult | null> {
  const result = await store.result(runId);
  // The result of a side of a comparison has no advice.
  if (result === null || !Array.isArray(result.advice)) return result;
  const stored = await store.verifications({ project: result.project });
  return { ...result, advice: withVerifications(result.advice, stored) };
}
