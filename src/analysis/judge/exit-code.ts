import type { Verdict } from '../../model/result.ts';

const EXIT_CODES = {
  pass: 0,
  inconclusive: 0,
  missed: 1,
  regressed: 1,
  failed: 1,
  error: 2,
  cancelled: 130,
} as const satisfies Record<Verdict, number>;

/**
 * The exit code of `paceline run`: 0 and 1 speak of the project, 2 of the machinery (as wrong usage does), 130 of a
 * cancel, as a shell puts an end by SIGINT. With `strict`, what could not be judged does not pass.
 */
export function exitCode(verdict: Verdict, { strict }: { readonly strict: boolean }): number {
  return strict && verdict === 'inconclusive' ? 1 : EXIT_CODES[verdict];
}
