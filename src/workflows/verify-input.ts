/** What `verifyAdvice` is asked for, which is also started straight from Temporal's command line. */
import { VERIFY_LIMITS, type VerifyAdviceInput } from '../model/advice.ts';
import { listComplaint, numberComplaint } from './compare-input.ts';
import { complaintOfSource, complaintOfText, type ReadInput, unknownKey, withoutNulls } from './input.ts';

type Given = Readonly<Record<string, unknown>>;

const RULES: readonly ((given: Given) => string | null)[] = [
  (given) =>
    unknownKey('the input', given, [
      'source',
      'ofRun',
      'advice',
      'budgetSeconds',
    ] satisfies (keyof VerifyAdviceInput)[]),
  ({ source }) => {
    const given = withoutNulls(source);
    return given === null ? 'names no source' : complaintOfSource(given);
  },
  ({ ofRun }) => {
    const complaint = complaintOfText(ofRun);
    return complaint === null ? null : `has an \`ofRun\` that ${complaint}`;
  },
  ({ advice }) => listComplaint('advice', advice, complaintOfText),
  ({ budgetSeconds }) => numberComplaint('budgetSeconds', budgetSeconds, VERIFY_LIMITS.budgetSeconds, Number.isFinite),
];

/** An optional key that is null counts as not given. A run that is not there is found where the store is. */
export function readVerifyInput(input: unknown): ReadInput<VerifyAdviceInput> {
  const given = withoutNulls(input) ?? {};
  for (const rule of RULES) {
    const complaint = rule(given);
    if (complaint === null) continue;
    return {
      kind: 'wrong',
      problem: {
        type: 'WrongUsage',
        what: `The input of \`verifyAdvice\` ${complaint}.`,
        next: 'Give {"source": {"path": "/absolute/path"}, "ofRun": "RUN"}; docs/advice.md lists the other keys.',
      },
    };
  }
  return { kind: 'valid', input: { ...given, source: withoutNulls(given['source']) } as unknown as VerifyAdviceInput };
}
