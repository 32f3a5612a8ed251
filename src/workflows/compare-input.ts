/** What `compare` is asked for, which is also started straight from Temporal's command line. */
import { COMPARED_PHASES, type CompareInput, COMPARE_LIMITS } from '../model/comparison.ts';
import { complaintOfSource, complaintOfText, type ReadInput, unknownKey, withoutNulls } from './input.ts';

type Given = Readonly<Record<string, unknown>>;

/** One complaint for each key with rules. It follows "The input" in the message. */
const RULES: readonly ((given: Given) => string | null)[] = [
  (given) =>
    unknownKey('the input', given, [
      'source',
      'base',
      'head',
      'plan',
      'phases',
      'scenarios',
      'pairs',
      'budgetSeconds',
    ] satisfies (keyof CompareInput)[]),
  ({ source }) => {
    const given = withoutNulls(source);
    if (given === null) return 'names no source';
    return 'ref' in given
      ? 'has a ref in its source, but `base` and `head` name what is compared'
      : complaintOfSource(given);
  },
  ({ base }) => refComplaint('base', base),
  ({ head }) => refComplaint('head', head),
  ({ phases }) =>
    listComplaint('phases', phases, (each) =>
      COMPARED_PHASES.some((phase) => phase === each) ? null : `is not one of ${COMPARED_PHASES.join(', ')}`,
    ),
  ({ scenarios }) => listComplaint('scenarios', scenarios, complaintOfText),
  ({ pairs }) => numberComplaint('pairs', pairs, COMPARE_LIMITS.pairs, Number.isInteger),
  ({ budgetSeconds }) => numberComplaint('budgetSeconds', budgetSeconds, COMPARE_LIMITS.budgetSeconds, Number.isFinite),
];

/** An optional key that is null counts as not given. Refs and scenarios that are not there are found where the project is. */
export function readCompareInput(input: unknown): ReadInput<CompareInput> {
  const given = withoutNulls(input) ?? {};
  for (const rule of RULES) {
    const complaint = rule(given);
    if (complaint === null) continue;
    return {
      kind: 'wrong',
      problem: {
        type: 'WrongUsage',
        what: `The input of \`compare\` ${complaint}.`,
        next: 'Give {"source": {"path": "/absolute/path"}, "base": "main", "head": "my-branch"}; docs/regressions.md lists the other keys.',
      },
    };
  }
  return { kind: 'valid', input: { ...given, source: withoutNulls(given['source']) } as unknown as CompareInput };
}

function refComplaint(key: string, value: unknown): string | null {
  if (value === undefined) return `names no ${key}`;
  const complaint = complaintOfText(value);
  return complaint === null ? null : `has a \`${key}\` that ${complaint}`;
}

function listComplaint(key: string, value: unknown, complaintOf: (each: unknown) => string | null): string | null {
  if (value === undefined) return null;
  if (!Array.isArray(value) || value.length === 0) return `has a \`${key}\` that is not a list with at least one item`;
  for (const each of value as readonly unknown[]) {
    const complaint = complaintOf(each);
    if (complaint !== null) return `has an item in \`${key}\` that ${complaint}`;
  }
  return null;
}

function numberComplaint(
  key: string,
  value: unknown,
  { least, most }: { readonly least: number; readonly most: number },
  isNumber: (value: unknown) => boolean,
): string | null {
  if (value === undefined || (isNumber(value) && Number(value) >= least && Number(value) <= most)) return null;
  return `has a \`${key}\` that is not a ${key === 'pairs' ? 'whole number' : 'number'} from ${least} to ${most}`;
}
