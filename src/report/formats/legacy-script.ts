/** The closing block of the original plan's script, line for line. */
import type { RunResult } from '../../model/result.ts';
import { renderProblem } from './problem.ts';
import { oneLine } from '../text/foreign.ts';

export interface SeedSeconds {
  /** null: the part was not measured, or there is nothing to measure. */
  readonly buildSeconds: number | null;
  readonly startupSeconds: number | null;
  readonly testSeconds: number | null;
  readonly totalSeconds: number | null;
}

const TARGET_SECONDS = 300;

export function seedSeconds({ phases: { build, startup, test, total } }: Pick<RunResult, 'phases'>): SeedSeconds {
  return {
    buildSeconds: build.seconds,
    startupSeconds: startup.seconds,
    testSeconds: test.seconds,
    totalSeconds: total.seconds,
  };
}

/** What those lines do not show: why the verdict is not a pass. Empty for a pass. */
export function renderSeedReason({
  verdict,
  summary,
  errors,
}: Pick<RunResult, 'verdict' | 'summary' | 'errors'>): string {
  if (verdict === 'pass') return '';
  const reasons = errors.length === 0 ? [oneLine(summary)] : errors.map((error) => renderProblem(error));
  return `${verdict}: ${reasons.join('\n')}\n`;
}

/**
 * Whole seconds, as in the original script. The parts are rounded so that they add up to the total, because a reader may
 * check the sum; the last line agrees with the total shown.
 */
export function renderSeedResults({ totalSeconds, ...parts }: SeedSeconds): string {
  const total = totalSeconds === null ? null : Math.floor(totalSeconds);
  const [build, startup, test] = wholeSeconds([parts.buildSeconds, parts.startupSeconds, parts.testSeconds], total);
  return [
    '=== Performance Results ===',
    `Docker Build Time: ${shown(build)}`,
    `Service Startup Time: ${shown(startup)}`,
    `Test Execution Time: ${shown(test)}`,
    `Total Time: ${shown(total)}`,
    `${lastLine(total)}\n`,
  ].join('\n');
}

function lastLine(total: number | null): string {
  if (total === null) return '❌ Performance target could not be judged (a part was not measured)';
  return total < TARGET_SECONDS
    ? '✅ Performance target met (< 5 minutes)'
    : '❌ Performance target exceeded (> 5 minutes)';
}

/** Largest remainders: each part is rounded down, and the seconds still lacking go to the largest fractions. */
function wholeSeconds(parts: readonly (number | null)[], total: number | null): (number | null)[] {
  const whole = parts.map((part) => (part === null ? null : Math.floor(part)));
  let lacking = (total ?? 0) - whole.reduce<number>((sum, part) => sum + (part ?? 0), 0);
  const byFraction = parts
    .map((part, index) => ({ index, fraction: part === null ? -1 : part % 1 }))
    .sort((a, b) => b.fraction - a.fraction);
  for (const { index, fraction } of byFraction) {
    if (lacking <= 0 || fraction < 0) break;
    whole[index]! += 1;
    lacking -= 1;
  }
  return whole;
}

function shown(seconds: number | null | undefined): string {
  return seconds === null || seconds === undefined ? 'n/a' : `${seconds}s`;
}
