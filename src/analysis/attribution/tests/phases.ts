/** The phases around the tests: start, collection, report, and the command around pytest. */
import type { CauseEvidence } from '../../../model/cause.ts';
import type { CollectedFile } from '../../../model/profile/test-table.ts';
import { changedKeys } from '../changed-files.ts';
import type { Part } from '../part.ts';
import type { Trials } from './trial.ts';

export const START = 'start of pytest';
export const COLLECTION = 'collection';
export const REPORT = 'end of the session';
export const OUTSIDE = 'command around pytest';

export function phaseParts(trials: Trials): Part[] {
  const { base, head } = trials;
  const part = (cls: Part['class'], name: string, key: 'start' | 'report' | 'outside', evidence: CauseEvidence[]) => ({
    class: cls,
    name,
    baseSeconds: base.path[key],
    headSeconds: head.path[key],
    seconds: head.path[key] - base.path[key],
    evidence,
  });
  return [
    // Its clock starts with the process, so a shell that becomes pytest by `exec` is in it.
    isOtherAround(trials)
      ? part('step', OUTSIDE, 'start', commandEvidence(trials))
      : part('collection', START, 'start', pluginsOf(trials)),
    collectionPart(trials),
    part('step', REPORT, 'report', []),
    part('step', OUTSIDE, 'outside', commandEvidence(trials)),
  ];
}

/** The file that explains most of it; without one the phase. */
function collectionPart({ base, head }: Trials): Part {
  const seconds = head.path.collection - base.path.collection;
  const whole = {
    class: 'collection' as const,
    name: COLLECTION,
    baseSeconds: base.path.collection,
    headSeconds: head.path.collection,
    seconds,
    evidence: [],
  };
  const before = new Map(base.pytest.collectedFiles?.map((file) => [file.path, file.seconds]));
  const growth = (file: CollectedFile) => file.seconds - (before.get(file.path) ?? 0);
  const [file] = (head.pytest.collectedFiles ?? []).toSorted((a, b) => growth(b) - growth(a));
  if (file === undefined || growth(file) < seconds / 2) return whole;
  return {
    ...whole,
    name: `${COLLECTION} of ${file.path}`,
    baseSeconds: before.get(file.path) ?? null,
    headSeconds: file.seconds,
    evidence: [{ kind: 'changedFiles', files: [file.path], more: 0 }],
  };
}

/** Whether the command does other things before pytest, by its text. */
function isOtherAround({ base, head }: Trials): boolean {
  const before = (command: readonly string[] | null) => /^(.*)\bpytest\b/s.exec(command?.join(' ') ?? '')?.[1] ?? null;
  const [was, is] = [before(base.record.command), before(head.record.command)];
  return was !== null && is !== null && was !== is;
}

/** Plugins that only one side loads. */
function pluginsOf({ base, head }: Trials): CauseEvidence[] {
  const [before, now] = [base.pytest.configuration.plugins, head.pytest.configuration.plugins];
  const added = now.filter((plugin) => !before.includes(plugin));
  const removed = before.filter((plugin) => !now.includes(plugin));
  if (added.length === 0 && removed.length === 0) return [];
  const text = (plugins: readonly string[]) => (plugins.length === 0 ? null : plugins.join(', '));
  return [{ kind: 'option', name: 'plugins', base: text(removed), head: text(added) }];
}

/** The scenario's command, and the keys of the test service that run something around it. */
export function commandEvidence({ runs, base, head }: Trials): CauseEvidence[] {
  const text = (command: readonly string[] | null) => command?.join(' ') ?? null;
  const [was, is] = [text(base.record.command), text(head.record.command)];
  const service = runs.head.service;
  const keys = service === null ? [] : changedKeys(runs, ['services', service]);
  return [
    ...(was === is ? [] : [{ kind: 'option' as const, name: 'command', base: was, head: is }]),
    ...keys.filter(({ key }) => /\.(?:command|entrypoint|image)$/.test(key)),
  ];
}
