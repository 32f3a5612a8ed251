/** Where the container's wall time went, on the one path that nothing could have overtaken. */
import type { PytestPath } from '../../model/profile/pytest-profile.ts';
import type { Run } from './run.ts';

const PARTS = ['start', 'collection', 'tests', 'report'] as const;

/**
 * The moments that part a run, by one clock: the start of the container (for the first run; else of the process), the
 * session's, the end of the last collection, the end of the last test, pytest's end. What the container ran beyond that is
 * `outside`. A run that was cut off ends its path where it was seen last.
 */
export function criticalPath(runs: readonly Run[], containerSeconds: number | null): PytestPath {
  const parts = runs.map((run, index) => partsOf(run, index === 0, containerSeconds));
  const total = (part: (typeof PARTS)[number]) => parts.reduce((sum, each) => sum + each[part], 0);
  const path = {
    start: total('start'),
    collection: total('collection'),
    tests: total('tests'),
    report: total('report'),
  };
  const inside = path.start + path.collection + path.tests + path.report;
  if (containerSeconds === null) return { ...path, outside: 0 };
  // Process 1 is there before the engine counts the container as started: what it was until then is the engine's.
  const early = Math.min(path.start, Math.max(0, inside - containerSeconds));
  return { ...path, start: path.start - early, outside: Math.max(0, containerSeconds - inside) };
}

function partsOf({ main, workers }: Run, isFirst: boolean, containerSeconds: number | null) {
  const processes = [main, ...workers];
  const latest = (moments: readonly (number | null)[]) =>
    moments.reduce<number>((a, b) => Math.max(a, b ?? Number.NEGATIVE_INFINITY), Number.NEGATIVE_INFINITY);
  const tests = processes.flatMap((process) => process.tests.map(({ from, to }) => to ?? from));
  const collected = latest(workers.length > 0 ? workers.map((worker) => worker.collected) : [main.collected]);
  const lastTest = latest(tests.length > 0 ? tests : [main.loopEnd]);
  const began = (isFirst ? startOfContainer(main, containerSeconds) : null) ?? main.processStart;
  // Each moment is at least the one before: clocks may be stopped by tests, and lines may be missing.
  let at = began;
  const until = (moment: number) => {
    const from = at;
    at = Math.max(at, moment);
    return at - from;
  };
  return {
    start: until(main.sessionStart ?? began),
    collection: until(collected),
    tests: until(lastTest),
    report: until(latest([main.end, main.loopEnd])),
  };
}

/** The container's first process is process 1, unless the container shares the host's processes. */
function startOfContainer({ containerStart, processStart, end }: Run['main'], containerSeconds: number | null) {
  if (containerStart === null || containerStart > processStart) return null;
  const isPlausible = containerSeconds !== null && (end ?? processStart) - containerStart <= containerSeconds + 1;
  return isPlausible ? containerStart : null;
}
