/** The input of `compare`, which may also come from Temporal's command line. */
import { COMPARED_PHASES, type CompareInput, COMPARE_LIMITS } from '../model/comparison.ts';
import { MOST_PATCH_CHARACTERS, SET_LIMITS, type Variant } from '../model/variant.ts';
import { parsePlanPath } from '../plan/plan-path.ts';
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
  ({ base }) => sideComplaint('base', base),
  ({ head }) => sideComplaint('head', head),
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
  return {
    kind: 'valid',
    input: { ...given, source: withoutNulls(given['source']), ...sides(given) } as unknown as CompareInput,
  };
}

/** A text stays a text, as histories have it. */
function sides({ base, head }: Given): Given {
  return { base: withoutNulls(base) ?? base, head: withoutNulls(head) ?? head };
}

function sideComplaint(key: string, value: unknown): string | null {
  if (value === undefined) return `names no ${key}`;
  const variant = withoutNulls(value);
  if (variant === null) {
    const complaint = complaintOfText(value);
    return complaint === null ? null : `has a \`${key}\` that ${complaint}`;
  }
  const unknown = unknownKey(`its \`${key}\``, variant, ['ref', 'patch', 'set'] satisfies (keyof Variant)[]);
  if (unknown !== null) return unknown;
  for (const [part, complain] of Object.entries(VARIANT_RULES)) {
    const complaint = complain(variant[part]);
    if (complaint !== null) return `has a \`${key}\` whose \`${part}\` ${complaint}`;
  }
  return null;
}

const VARIANT_RULES = {
  ref: complaintOfText,
  patch: (value: unknown) => {
    if (value === undefined) return null;
    if (typeof value !== 'string') return 'is not a text';
    if (value === '') return 'is empty';
    return value.length > MOST_PATCH_CHARACTERS ? `is longer than ${MOST_PATCH_CHARACTERS} characters` : null;
  },
  set: (value: unknown) => {
    if (value === undefined) return null;
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return 'is not a mapping of paths to values';
    const paths = Object.keys(value);
    if (paths.length > SET_LIMITS.entries) return `has more than ${SET_LIMITS.entries} plan overrides`;
    const wrong = paths.find((path) => parsePlanPath(path) === null);
    if (wrong !== undefined) return `has ${JSON.stringify(wrong.slice(0, 40))}, which is not the path of a plan's key`;
    const { length } = JSON.stringify(value);
    return length > SET_LIMITS.characters ? `is longer than ${SET_LIMITS.characters} characters` : null;
  },
} satisfies Record<keyof Variant, (value: unknown) => string | null>;

export function listComplaint(
  key: string,
  value: unknown,
  complaintOf: (each: unknown) => string | null,
): string | null {
  if (value === undefined) return null;
  if (!Array.isArray(value) || value.length === 0) return `has a \`${key}\` that is not a list with at least one item`;
  for (const each of value as readonly unknown[]) {
    const complaint = complaintOf(each);
    if (complaint !== null) return `has an item in \`${key}\` that ${complaint}`;
  }
  return null;
}

export function numberComplaint(
  key: string,
  value: unknown,
  { least, most }: { readonly least: number; readonly most: number },
  isNumber: (value: unknown) => boolean,
): string | null {
  if (value === undefined || (isNumber(value) && Number(value) >= least && Number(value) <= most)) return null;
  return `has a \`${key}\` that is not a ${key === 'pairs' ? 'whole number' : 'number'} from ${least} to ${most}`;
}
