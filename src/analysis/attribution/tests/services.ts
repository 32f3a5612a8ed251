/** Tests that grew because a service answers more slowly, or is asked more. */
import type { CauseEvidence } from '../../../model/cause.ts';
import type { ServiceQueries } from '../../../model/profile/services.ts';
import type { RunFacts } from '../../../model/run.ts';
import { changedKeys } from '../changed-files.ts';
import { changedFilesOfRuns } from '../inputs.ts';
import { type Part, sum } from '../part.ts';
import { busySeconds, type Trials } from './trial.ts';

/** What a service grew by explains the tests if it is this share of their growth. */
const EXPLAINS = 0.5;

/** The parts, where tests that grew by what a service took are that service's. */
export function withServices(trials: Trials, named: readonly Part[]): readonly Part[] {
  const grown = sum(named.map(({ seconds }) => seconds));
  if (grown <= 0 || grown < 0.05 * busySeconds(trials.base)) return named;
  const service = slowerService(trials, grown) ?? changedService(trials, named);
  if (service === null) return named;
  return [{ class: 'service', ...service, seconds: grown }];
}

type Found = Pick<Part, 'name' | 'baseSeconds' | 'headSeconds' | 'evidence'>;

/** By the server's own statistics. */
function slowerService({ runs, scenario, head }: Trials, grown: number): Found | null {
  const [before, now] = [queriesOf(runs.base, scenario), queriesOf(runs.head, scenario)];
  for (const each of now) {
    const was = before.find(({ service, source }) => service === each.service && source === each.source);
    if (was === undefined || (each.seconds - was.seconds) / head.workers < EXPLAINS * grown) continue;
    const calls: CauseEvidence = {
      kind: 'calls',
      what: `statements of ${each.service}`,
      base: was.calls,
      head: each.calls,
    };
    const keys = changedKeys(runs, ['services', each.service]);
    return {
      name: each.service,
      baseSeconds: was.seconds,
      headSeconds: each.seconds,
      evidence: [...keys.slice(0, 3), calls],
    };
  }
  return null;
}

function queriesOf({ trials }: RunFacts, scenario: string): readonly ServiceQueries[] {
  return (
    trials.find(({ scenarioId, profile }) => scenarioId === scenario && profile?.queries !== undefined)?.profile
      ?.queries ?? []
  );
}

const OF_SPEED = /\.(?:command|entrypoint|image|cpus|mem_limit|tmpfs|volumes|shm_size|deploy\.resources\..*)$/;

/** Its configuration changed and no file of the image did: nothing else can make many tests slower. */
function changedService({ runs }: Trials, named: readonly Part[]): Found | null {
  const files = changedFilesOfRuns(runs);
  if (files === null || files.some((file) => file.endsWith('.py'))) return null;
  if (!named.some((part) => part.class === 'manyTests')) return null;
  const keys = changedKeys(runs, ['services']).filter(({ key }) => OF_SPEED.test(key));
  const names = new Set(keys.map(({ key }) => key.split('.')[1]!));
  names.delete(runs.head.service ?? '');
  const [name] = names;
  if (names.size !== 1 || name === undefined) return null;
  return { name, baseSeconds: null, headSeconds: null, evidence: keys.slice(0, 3) };
}
