/** The steps of builds, as reports name them. */
import type { BuildFacts } from '../../model/run.ts';

/** Steps that take less are not where a build's time goes. */
const WORTH_SECONDS = 0.5;
const SHOWN = 2;

/** The two that took longest of the cold build. */
export function slowestSteps(builds: readonly BuildFacts[]) {
  const cold = builds.find(({ mode }) => mode === 'cold');
  const steps = (cold?.images ?? []).flatMap(({ profile }) => profile?.steps ?? []);
  return steps
    .filter(({ ofDockerfile, seconds }) => ofDockerfile && seconds >= WORTH_SECONDS)
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, SHOWN);
}

/** Without the position that BuildKit puts before it: `[test 3/8] RUN make` is `RUN make`. */
export function instruction(name: string): string {
  return name.replace(/^\[[^\]]*\d+\/\d+\] /, '');
}
