import type { ContainerTraffic } from '../../../model/profile/services.ts';
import type { RunFacts } from '../../../model/run.ts';
import { figure } from '../../../format/figure.ts';
import { removeComposeKey } from '../../patches/compose-edit.ts';
import { makePatch } from '../../patches/make-patch.ts';
import { placeOf } from '../../place-of.ts';
import { type Audit, type Finding, savesBetween } from '../audit.ts';
import { dependenciesOf, dependencyKey } from '../../project-files/compose.ts';
import { startupSaving } from '../support/start-up.ts';

/** What a bridge sends to all, 42 bytes for each address that the tests look up, comes to less. */
export const IDLE_RECEIVED_BYTES = 1000;
/** Three answers of address resolution. A connection without any data has more. */
export const IDLE_SENT_BYTES = 150;
/** A smaller gain is within the noise of a start-up. */
export const WORTH_SECONDS = 0.5;

/** A service that no byte reaches is started, waited for and stopped for nothing. */
export const unusedService: Audit = {
  id: 'unused-service',
  title: 'A service is started that no test talks to',
  ok: 'Each service was talked to while the tests ran.',
  requires: ['startup', 'trials'],
  audit: ({ facts }) => {
    const traffic = mostTraffic(facts);
    if (traffic.length === 0) return [{ kind: 'inconclusive', reason: 'The traffic of no passed trial was recorded.' }];
    return traffic.flatMap((each) => finding(facts, each));
  },
};

/** Of each service in the trial with the most of it: another scenario may leave out the tests that need it. */
function mostTraffic({ trials }: RunFacts): readonly ContainerTraffic[] {
  const all = trials.flatMap(({ profile, outcome }) => (outcome === 'passed' ? (profile?.traffic ?? []) : []));
  const groups = Map.groupBy(all, ({ service }) => service);
  const most = (of: readonly ContainerTraffic[], key: 'receivedBytes' | 'sentBytes') =>
    Math.max(...of.map((each) => each[key]));
  return [...groups].map(([service, of]) => ({
    service,
    receivedBytes: most(of, 'receivedBytes'),
    sentBytes: most(of, 'sentBytes'),
  }));
}

/** What a probe in the tests saw, however few bytes it was. */
function hasConnections({ trials }: RunFacts, service: string): boolean {
  return trials.some(({ profile }) => profile?.pytest?.connections?.some(({ host }) => host === service) === true);
}

function finding(facts: RunFacts, { service, receivedBytes, sentBytes }: ContainerTraffic): Finding[] {
  const services = facts.startup?.services ?? [];
  const own = services.find((each) => each.service === service);
  if (own === undefined || own.state === 'completed' || service === facts.service) return [];
  if (receivedBytes > IDLE_RECEIVED_BYTES || sentBytes > IDLE_SENT_BYTES || hasConnections(facts, service)) return [];
  const files = facts.projectFiles;
  const dependents = services
    .filter((each) => dependenciesOf(files, each.service).includes(service))
    .map((each) => each.service);
  // Another service may talk to it in its own way, through a shared volume for one.
  if (dependents.some((name) => name !== facts.service)) return [];
  const startup = [{ kind: 'withoutService' as const, service }];
  const value = startupSaving(services, files, startup);
  const patch = makePatch(files, edits(facts, service) ?? []);
  return [
    {
      kind: 'opportunity',
      message: `Do not start ${service} for these tests: nothing talked to it while they ran.`,
      evidence: [
        `${service} received ${figure(receivedBytes, 'byte')} and sent ${figure(sentBytes, 'byte')} while the tests ran`,
      ],
      where: placeOf(files, { kind: 'composeKey', service, key: [] }),
      startup,
      // Another service may decide when the start-up ends: then it saves memory and CPU alone.
      saves:
        value < WORTH_SECONDS ? null : savesBetween('startup.duration', { value, low: value * 0.7, high: value + 0.5 }),
      remedy:
        patch === null
          ? { kind: 'steps', steps: [`Remove ${service}, or give it a profile of its own.`] }
          : { kind: 'patch', patch },
    },
  ];
}

function edits(facts: RunFacts, service: string) {
  const { projectFiles: files } = facts;
  const own = removeComposeKey(files, service, []);
  const key = facts.service === null ? null : dependencyKey(files, facts.service, service);
  const edge = key === null || facts.service === null ? null : removeComposeKey(files, facts.service, key);
  if (own === null || (key !== null && edge === null)) return null;
  return edge === null ? [own] : [own, edge];
}
