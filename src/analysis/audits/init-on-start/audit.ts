import type { RunFacts, ServiceStartup } from '../../../model/run.ts';
import { figure } from '../../../format/figure.ts';
import { placeOf } from '../../place-of.ts';
import { type Audit, type Finding, savesBetween, savesUnknown } from '../audit.ts';
import { composeValues } from '../../project-files/compose.ts';
import { oneShotEnd, startupSaving } from '../support/start-up.ts';

/** A server takes about as long to start by itself. */
export const WORTH_SECONDS = 2;
const INIT_FOLDER = '/docker-entrypoint-initdb.d';

/** Migrations and init scripts give the same database each time: it can be made once, with the image. */
export const initOnStart: Audit = {
  id: 'init-on-start',
  title: 'The same database is set up again at each start',
  ok: 'No migration or init script delays the start-up noticeably.',
  requires: ['startup', 'projectFiles'],
  audit: ({ facts }) =>
    (facts.startup?.services ?? []).flatMap((service) => [...oneShot(facts, service), ...initScripts(facts, service)]),
};

/** A service that ran, ended well, and was waited for. */
function oneShot(facts: RunFacts, service: ServiceStartup): Finding[] {
  const services = facts.startup?.services ?? [];
  const [end, start] = [oneShotEnd(service, services), service.timeline?.startedSeconds ?? null];
  if (end === null || start === null || end - start < WORTH_SECONDS) return [];
  const startup = [{ kind: 'withoutService' as const, service: service.service }];
  const value = startupSaving(services, facts.projectFiles, startup);
  if (value < WORTH_SECONDS) return [];
  return [
    {
      kind: 'opportunity',
      message: `Do what ${service.service} does once, when the image of the database is built, or copy a template database: all that starts after it waits for it each time.`,
      evidence: [
        `${service.service} ran for ${figure(end - start, 'second')}, and the start-up would end ${figure(value, 'second')} earlier without it`,
      ],
      where: placeOf(facts.projectFiles, { kind: 'composeKey', service: service.service, key: [] }),
      startup,
      saves: savesBetween('startup.duration', { value, low: value * 0.5, high: value }),
      remedy: {
        kind: 'steps',
        steps: [
          'Run the migrations in the Dockerfile of the database image, into a data folder that is not a volume.',
          'Or make the database once, and create each one from it by `CREATE DATABASE … TEMPLATE …`.',
        ],
      },
    },
  ];
}

function initScripts(facts: RunFacts, { service, timeline }: ServiceStartup): Finding[] {
  const files = facts.projectFiles;
  const mounted = composeValues(files, service, ['volumes']).some((value) => value.includes(INIT_FOLDER));
  const [started, ready] = [timeline?.startedSeconds ?? null, timeline?.readySeconds ?? null];
  if (!mounted || started === null || ready === null || ready - started < WORTH_SECONDS) return [];
  const services = facts.startup?.services ?? [];
  const earlier = { kind: 'earlier' as const, service, seconds: ready - started };
  if (startupSaving(services, files, [earlier]) < WORTH_SECONDS) return [];
  return [
    {
      kind: 'opportunity',
      message: `Run the init scripts of ${service} when its image is built: its container runs them again at each start.`,
      evidence: [
        `${service} was ready ${figure(ready - started, 'second')} after its start; files are mounted into ${INIT_FOLDER}`,
      ],
      where: placeOf(files, { kind: 'composeKey', service, key: ['volumes'] }),
      // How much of it is the server's own start is not known.
      saves: savesUnknown('startup.duration'),
      remedy: {
        kind: 'steps',
        steps: [
          `Build an image from ${service}'s own that starts the server once, runs the scripts, and keeps the data folder (PGDATA outside of a volume).`,
        ],
      },
    },
  ];
}
