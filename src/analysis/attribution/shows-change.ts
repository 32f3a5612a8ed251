/** Whether causes rest on something that changed: what noise alone may be is not reported as a cause. */
import type { Cause, CauseClass, CauseEvidence } from '../../model/cause.ts';

/** For differences that are small enough to be noise. */
export function showsChange(causes: readonly Cause[]): boolean {
  return causes.some(isChange);
}

/** A small difference is reported only with something that changed and explains a large part of it. */
const LARGE_SHARE = 0.3;
/** Without a change of the project: a single test, fixture or collection that takes much longer, and is most of the difference. */
const MOST_OF_IT = { share: 0.6, ratio: 2 };
/** Imports wait for other work as well. */
const OF_COLLECTION = 4;

const ONE_SIDED: readonly CauseClass[] = [
  'newTests',
  'removedTests',
  'newService',
  'removedService',
  'newStep',
  'removedStep',
];

function isChange(cause: Cause): boolean {
  const { class: cls, share, evidence } = cause;
  if (share < LARGE_SHARE) return false;
  if (cls === 'test' || cls === 'fixture') return share >= MOST_OF_IT.share && ratioOf(cause) >= MOST_OF_IT.ratio;
  if (cls === 'collection' && share >= MOST_OF_IT.share && ratioOf(cause) >= OF_COLLECTION) return true;
  // Its bytes differ with each edit: only files that are much larger are a change of the context.
  if (cls === 'context') return evidence.some(({ kind }) => kind === 'changedFiles');
  return ONE_SIDED.includes(cls) || evidence.some(tellsChange);
}

/** Whether a key, a line, an option or a file behind it differs, however small its share is. */
export function hasChangedInput({ class: cls, evidence }: Cause): boolean {
  const hasFiles = evidence.some(({ kind }) => kind === 'changedFiles');
  return cls === 'context' ? hasFiles : hasFiles || ONE_SIDED.includes(cls) || evidence.some(tellsChange);
}

/** Whether a key, a line or an option behind it differs: files differ with every commit. */
export function hasChangedSetting({ class: cls, evidence }: Cause): boolean {
  return cls !== 'context' && evidence.some((each) => each.kind !== 'firstMiss' && tellsChange(each));
}

function ratioOf({ baseSeconds, headSeconds }: Cause): number {
  const [a, b] = [baseSeconds ?? 0, headSeconds ?? 0];
  return Math.max(a, b) / Math.min(a, b);
}

function tellsChange(evidence: CauseEvidence): boolean {
  // The project did not change by what the builder removed from its cache. Of an unknown input nothing can be said.
  if (evidence.kind === 'firstMiss') return evidence.input.kind !== 'pruned' && evidence.input.kind !== 'unknown';
  return 'base' in evidence && typeof evidence.base !== 'number' && evidence.base !== evidence.head;
}
