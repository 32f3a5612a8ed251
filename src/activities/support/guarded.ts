/** Keeps activities from ending one worker after the other. */
import { Context } from '@temporalio/activity';
import type { BenchmarkActivities } from '../../model/activities.ts';
import { asFailure } from './attempt.ts';
import type { ActivityDeps } from './deps.ts';
import { surroundings } from './surroundings.ts';

/**
 * The same activities, each of which ends with WorkerDied where workers died in the middle of it too often, and lets go where
 * the data directory's disk cannot be written to.
 */
export function guarded(deps: Guards, activities: BenchmarkActivities): BenchmarkActivities {
  // Asked once a minute and answered at once: there is nothing to die of.
  const { ping, ...others } = activities;
  const all = Object.entries(others).map(([name, activity]) => [
    name,
    guard(deps, name as keyof BenchmarkActivities, activity as (input: unknown) => Promise<unknown>),
  ]);
  return { ...(Object.fromEntries(all) as typeof others), ping };
}

/** More than for the leftovers of one run, so that the reaper can skip that run. */
const MOST_DEATHS_OF_REAP = 6;

function guard(
  { deaths, disk }: Guards,
  name: keyof BenchmarkActivities,
  activity: (input: unknown) => Promise<unknown>,
) {
  return async (input: unknown): Promise<unknown> => {
    const { activityId, workflowExecution } = Context.current().info;
    const work = {
      key: `${workflowExecution?.runId ?? 'none'}.${activityId}`,
      doing: doing(name, input),
      step: { phase: 'preparing' },
      ...(name === 'reap' ? { most: MOST_DEATHS_OF_REAP } : {}),
    } as const;
    let isBegun = false;
    try {
      return await deaths.during(work, (noteStep) => {
        isBegun = true;
        return surroundings.run({ noteStep, explain: disk.explain }, () => activity(input));
      });
    } catch (error) {
      // What the activity itself throws is in Temporal's form already.
      throw isBegun ? error : asFailure(error);
    }
  };
}

type Guards = Pick<ActivityDeps, 'deaths' | 'disk'>;

type Input<Name extends keyof BenchmarkActivities> = Parameters<BenchmarkActivities[Name]>[0];

function doing(name: keyof BenchmarkActivities, input: unknown): string {
  if (name === 'runTrial') {
    const { spec } = input as Input<'runTrial'>;
    return `measured trial ${spec.trial} of \`${spec.scenarioId}\``;
  }
  if (name === 'buildImages') return `built the images (${(input as Input<'buildImages'>).mode})`;
  return name === 'startServices' ? 'started the services' : `was at \`${name}\``;
}
