import { existsSync } from 'node:fs';
import { Context } from '@temporalio/activity';
import { PacelineError } from '../model/failure.ts';
import type { SourceSpec } from '../model/run.ts';
import { asFailure } from './support/attempt.ts';
import type { ActivityDeps, Make } from './support/deps.ts';

/** Other hosts may be the right one: they get this many turns before a path counts as being nowhere. */
const TURNS = 5;

/** The worker that gets the task offers its host, unless the source is on another host or this host stopped answering. */
export const claimHost: Make<'claimHost'> =
  (deps) =>
  async ({ source, exclude }) => {
    const refusal = refuse(deps, source, exclude);
    if (refusal === null) {
      return deps.claim().catch((error: unknown) => {
        throw asFailure(error);
      });
    }
    const last = Context.current().info.attempt >= TURNS;
    throw asFailure(new PacelineError({ ...refusal, type: last ? 'SourceUnavailable' : 'NoHost' }));
  };

function refuse({ host }: ActivityDeps, source: SourceSpec, exclude: readonly string[]) {
  if (exclude.includes(host.id)) {
    return {
      what: `Host ${host.id} stopped answering in this run, and no other host has taken it over.`,
      next: 'Start a worker on another host.',
    };
  }
  if ('git' in source) return null;
  if (source.host !== undefined && source.host !== host.id) {
    return {
      what: `The source is on host ${source.host}, and no worker there answers.`,
      next: 'Start `paceline worker` there.',
    };
  }
  if (!existsSync(source.path)) {
    return {
      what: `There is no ${source.path} on host ${host.id}.`,
      next: 'Give the absolute path of the project on the host whose worker is to measure it.',
    };
  }
  return null;
}
