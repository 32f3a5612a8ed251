/** Which advice of a run can be tried, and on which figure. */
import type { LeftOutReason, RemedyToVerify, Together, TriedRemedy } from '../../model/advice.ts';
import type { Plan } from '../../model/plan.ts';
import type { Advice } from '../../model/result.ts';
import { readValue } from '../../plan/read-yaml.ts';
import { combinePatches, patchInFolder } from '../patches/combine.ts';
import { adviceKey, adviceNames } from './advice-key.ts';
import { measuresOf } from './measures.ts';

export type Triable =
  | { readonly kind: 'remedy'; readonly remedy: RemedyToVerify }
  | { readonly kind: 'not'; readonly name: string; readonly reason: WhyNot };

export type WhyNot = 'problem' | 'noRemedy' | 'steps' | 'noFigure' | 'otherFigure' | 'noScenario';

/** All advice of the run, in its order. */
export function triable(advice: readonly Advice[], plan: Pick<Plan, 'scenarios'>): readonly Triable[] {
  const names = adviceNames(advice);
  return advice.map((each, index) => triableOne(each, names[index]!, plan));
}

function triableOne(advice: Advice, name: string, { scenarios }: Pick<Plan, 'scenarios'>): Triable {
  const { remedy, saves, message } = advice;
  const not = (reason: WhyNot) => ({ kind: 'not', name, reason }) as const;
  if (advice.kind === 'problem') return not('problem');
  if (remedy === null) return not('noRemedy');
  if (remedy.kind === 'steps') return not('steps');
  if (saves === null) return not('noFigure');
  const measures = measuresOf(saves, scenarios);
  if (measures === null) return not(saves.figure === 'trial.duration' ? 'noScenario' : 'otherFigure');
  return { kind: 'remedy', remedy: { ...adviceKey(advice), name, message, remedy, saves, measures } };
}

/** The project's folder in its repository; empty where it is its top. A run's copy has the shape of the repository. */
export function folderInCopy(runId: string, directory: string | undefined): string {
  const [, inCopy = ''] = directory?.split(`/${runId}/source`) ?? [];
  return inCopy.replace(/^\/+/, '');
}

/**
 * The variant of one remedy. Values of plan overrides are YAML, as on the command line.
 * @param folder the project's in its repository, where a variant's patch has its paths from
 */
export function variantOfRemedy({ remedy }: Pick<RemedyToVerify, 'remedy'>, folder: string): Together['variant'] {
  if (remedy.kind === 'patch') return { patch: patchInFolder(remedy.patch, folder) ?? remedy.patch };
  return { set: Object.fromEntries(Object.entries(remedy.set).map(([path, text]) => [path, valueOf(text, path)])) };
}

/** A text that is not YAML, or that YAML takes for a mapping because of a colon in it, is the text itself. */
function valueOf(text: string, path: string): unknown {
  try {
    const value = readValue(text, path);
    const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isMapping && !text.trimStart().startsWith('{') ? text : value;
  } catch {
    return text;
  }
}

/** All winners as one variant, those that save most first, so that they win where two do not fit together. */
export function together(winners: readonly TriedRemedy[], folder: string): Together {
  const ordered = winners.toSorted((a, b) => savedBy(b) - savedBy(a));
  const patches = combinePatches(
    ordered.flatMap(({ name, remedy }) => (remedy.kind === 'patch' ? [{ name, patch: remedy.patch }] : [])),
  );
  const overrides = combineSets(ordered);
  const members = ordered
    .map(({ name }) => name)
    .filter((name) => patches.members.includes(name) || overrides.members.includes(name));
  const measures = ordered.filter(({ name }) => members.includes(name)).map((each) => each.measures);
  return {
    variant: {
      ...(patches.patch === null ? {} : { patch: patchInFolder(patches.patch, folder) ?? patches.patch }),
      ...(overrides.members.length === 0 ? {} : { set: overrides.set }),
    },
    members,
    leftOut: [...patches.leftOut, ...overrides.leftOut],
    measures: measures.filter(
      (each, index) =>
        measures.findIndex(({ figure, scenario }) => figure === each.figure && scenario === each.scenario) === index,
    ),
  };
}

function savedBy({ verification }: TriedRemedy): number {
  return verification.unit === 'second' ? (verification.saving?.value ?? 0) : 0;
}

function combineSets(winners: readonly TriedRemedy[]) {
  const set: Record<string, unknown> = {};
  const setBy = new Map<string, string>();
  const members: string[] = [];
  const leftOut: { name: string; reason: LeftOutReason }[] = [];
  for (const winner of winners) {
    if (winner.remedy.kind !== 'planOverride') continue;
    const own = variantOfRemedy(winner, '').set ?? {};
    const key = Object.keys(own).find(
      (path) => setBy.has(path) && JSON.stringify(set[path]) !== JSON.stringify(own[path]),
    );
    if (key !== undefined) {
      leftOut.push({ name: winner.name, reason: { kind: 'samePlanKey', other: setBy.get(key)!, key } });
      continue;
    }
    Object.assign(set, own);
    for (const path of Object.keys(own)) setBy.set(path, winner.name);
    members.push(winner.name);
  }
  return { set, members, leftOut };
}
