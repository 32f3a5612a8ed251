/** What `tune` is asked for, which is also started straight from Temporal's command line. */
import { TUNE_LIMITS, type TuneInput } from '../model/tune.ts';
import { complaintOfSource, complaintOfText, type ReadInput, unknownKey, withoutNulls } from './input.ts';

type Given = Readonly<Record<string, unknown>>;

const RULES: readonly ((given: Given) => string | null)[] = [
  (given) =>
    unknownKey('the input', given, ['source', 'plan', 'scenario', 'budgetSeconds'] satisfies (keyof TuneInput)[]),
  ({ source }) => {
    const given = withoutNulls(source);
    return given === null ? 'names no source' : complaintOfSource(given);
  },
  ({ scenario }) => {
    const complaint = scenario === undefined ? null : complaintOfText(scenario);
    return complaint === null ? null : `has a \`scenario\` that ${complaint}`;
  },
  ({ budgetSeconds }) => {
    const { least, most } = TUNE_LIMITS.budgetSeconds;
    if (
      budgetSeconds === undefined ||
      (Number.isFinite(budgetSeconds) && Number(budgetSeconds) >= least && Number(budgetSeconds) <= most)
    )
      return null;
    return `has a \`budgetSeconds\` that is not a number from ${least} to ${most}`;
  },
];

/** An optional key that is null counts as not given. */
export function readTuneInput(input: unknown): ReadInput<TuneInput> {
  const given = withoutNulls(input) ?? {};
  for (const rule of RULES) {
    const complaint = rule(given);
    if (complaint === null) continue;
    return {
      kind: 'wrong',
      problem: {
        type: 'WrongUsage',
        what: `The input of \`tune\` ${complaint}.`,
        next: 'Give {"source": {"path": "/absolute/path"}}; docs/tune.md lists the other keys.',
      },
    };
  }
  return { kind: 'valid', input: { ...given, source: withoutNulls(given['source']) } as unknown as TuneInput };
}
