/** Advice and verifications for tests. */
import { adviceKey } from '../../../src/analysis/advice/advice-key.ts';
import type { StoredVerification, Verification } from '../../../src/model/advice.ts';
import type { Advice } from '../../../src/model/result.ts';

export function adviceOf(id: string, seconds: number | null, change: Partial<Advice> = {}): Advice {
  const predicted = seconds === null ? null : { value: seconds, low: null, high: null };
  return {
    id,
    kind: 'opportunity',
    state: 'predicted',
    message: `Advice of ${id}.`,
    evidence: [],
    where: { file: 'docker-compose.test.yml', line: 3 },
    saves: { figure: 'startup.duration', unit: 'second', predicted, verified: null },
    remedy: { kind: 'patch', patch: patchOf(3, id) },
    ...change,
  };
}

/** Of a file with ten numbered lines. */
export function patchOf(line: number, text: string): string {
  return `diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n@@ -${line - 1},3 +${line - 1},3 @@\n ${line - 1}\n-${line}\n+${text}\n ${line + 1}\n`;
}

export function verificationOf(saved: number, change: Partial<Verification> = {}): Verification {
  return {
    state: 'verified',
    reason: { kind: 'gain' },
    figure: 'startup.duration',
    scenario: null,
    unit: 'second',
    ratio: { value: 0.5, low: 0.45, high: 0.55, coverage: 0.95 },
    saving: { value: saved, low: saved * 0.9, high: saved * 1.1, pairs: 5 },
    baseValue: saved * 2,
    headValue: saved,
    pairs: [],
    testsWereRed: false,
    ...change,
  };
}

export function storedOf(
  advice: Advice,
  verification: Verification,
  change: Partial<StoredVerification> = {},
): StoredVerification {
  return {
    ...adviceKey(advice),
    project: 'shop',
    runId: 'run-1',
    verifiedBy: 'v-1',
    at: '2026-01-02T00:00:00.000Z',
    predicted: advice.saves?.predicted ?? null,
    verification,
    ...change,
  };
}
