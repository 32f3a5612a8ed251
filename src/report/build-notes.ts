/** What the screen says of builds beside their figures. */
import { figure } from '../analysis/figure.ts';
import type { BuildFacts, ImageBuild } from '../model/run.ts';
import { oneLine } from './text/foreign.ts';

/** Steps that take less are not where a build's time goes. */
const WORTH_SECONDS = 0.5;
const SCREEN_STEPS = 2;

/** The two that took longest of the cold build: "2.3 s  RUN pip install -r requirements.txt". */
export function slowestSteps(builds: readonly BuildFacts[]): readonly string[] {
  const cold = builds.find(({ mode }) => mode === 'cold');
  const steps = (cold?.images ?? []).flatMap(({ profile }) => profile?.steps ?? []);
  return steps
    .filter(({ ofDockerfile, seconds }) => ofDockerfile && seconds >= WORTH_SECONDS)
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, SCREEN_STEPS)
    .map(({ name, seconds }) => `${figure(seconds, 'second')}  ${instruction(name)}`);
}

/** "all 5 steps cached", "3 of 5 steps cached, anew from COPY . ." */
export function cacheNote(images: readonly ImageBuild[]): string {
  const total = images.reduce((sum, { steps }) => sum + steps.total, 0);
  const cached = images.reduce((sum, { steps }) => sum + steps.cached, 0);
  const missed = images.map(({ profile }) => profile?.firstMiss ?? null).find((name) => name !== null);
  if (cached === total) return `all ${total} steps cached`;
  const from = missed === undefined ? '' : `, anew from ${instruction(missed)}`;
  return `${cached} of ${total} steps cached${from}`;
}

/** Without the place that BuildKit puts before it: `[test 3/8] RUN make` is `RUN make`. */
export function instruction(name: string): string {
  return oneLine(name.replace(/^\[[^\]]*\d+\/\d+\] /, ''));
}
