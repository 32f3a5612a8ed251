import type { PytestProfile } from '../../../model/profile/pytest-profile.ts';
import type { PostgresTiming, ServiceQueries } from '../../../model/profile/services.ts';
import type { RunFacts, TrialRecord } from '../../../model/run.ts';
import { figure } from '../../../format/figure.ts';
import { setComposeKey } from '../../patches/compose-edit.ts';
import { makePatch } from '../../patches/make-patch.ts';
import { placeOf } from '../../place-of.ts';
import { type Audit, type AuditContext, type Finding, savesBetween, savesUnknown } from '../audit.ts';
import { composeValues, hasComposeKey, imageName } from '../support/start-up.ts';

/** Fewer writes cost nothing that could be noticed. */
export const WORTH_WRITES = 200;
export const WORTH_BYTES = 20_000_000;

const POSTGRES = /^(?:postgres|postgis|pgvector|timescaledb)/;
const COMMAND = '["postgres", "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]';
const WRITES = /^\s*(?:insert|update|delete|truncate|create|drop|alter|copy)\b/i;

/** A test database may lose its data when the machine loses power. What durability costs depends on the disk, so the interval is wide. */
export const databaseDurability: Audit = {
  id: 'database-durability',
  title: 'The test database waits for the disk at each commit',
  ok: 'No test database spends noticeable time on durability.',
  requires: ['projectFiles', 'trials'],
  audit: (context) => {
    const services = databases(context.facts);
    if (services.length === 0) return [{ kind: 'notApplicable', reason: 'No service is a PostgreSQL server.' }];
    return services.flatMap((service) => finding(context, service));
  },
};

function databases({ projectFiles }: RunFacts): readonly string[] {
  const names = (projectFiles?.composeFiles ?? []).flatMap(({ keys }) =>
    keys.flatMap(({ path }) => (path[0] === 'services' && path.length === 2 ? [String(path[1])] : [])),
  );
  return [...new Set(names)].filter((service) => POSTGRES.test(imageName(projectFiles, service) ?? ''));
}

function finding({ facts, plan }: AuditContext, service: string): Finding[] {
  const { projectFiles: files } = facts;
  if (composeValues(files, service, ['command']).some((value) => value.includes('fsync'))) return [];
  if (composeValues(files, service, ['tmpfs']).some((value) => value.includes('postgresql'))) return [];
  const seen = facts.trials.map((trial) => writesIn(trial, service)).find((each) => each !== null);
  if (seen == null || (seen.writes < WORTH_WRITES && seen.bytes < WORTH_BYTES)) return [];
  const primary = plan.scenarios.find((scenario) => scenario.primary)?.name ?? null;
  const edit = hasComposeKey(files, service, ['command']) ? null : setComposeKey(files, service, ['command'], COMMAND);
  const patch = edit === null ? null : makePatch(files, [edit]);
  return [
    {
      kind: 'opportunity',
      message: `Start ${service} with fsync, synchronous_commit and full_page_writes off, or keep its data in a tmpfs: a test database need not survive a crash.`,
      evidence: [
        ...(seen.writes === 0 ? [] : [`${seen.writes} statements wrote`]),
        ...(seen.commitSeconds === null
          ? []
          : [`a commit takes ${figure(seen.commitSeconds, 'second')} longer than a query`]),
        ...(seen.bytes === 0 ? [] : [`${service} wrote ${figure(seen.bytes, 'byte')} to the disk`]),
      ],
      where: placeOf(files, { kind: 'composeKey', service, key: [] }),
      saves: savingOf(seen, primary),
      remedy:
        patch === null
          ? {
              kind: 'steps',
              steps: [
                `Add \`-c fsync=off -c synchronous_commit=off -c full_page_writes=off\` to the command of ${service}.`,
              ],
            }
          : { kind: 'patch', patch },
    },
  ];
}

interface Seen {
  readonly writes: number;
  readonly bytes: number;
  readonly commitSeconds: number | null;
  readonly workers: number;
}

function writesIn({ profile }: TrialRecord, service: string): Seen | null {
  const queries = profile?.queries?.find((each) => each.service === service);
  const container = profile?.resources?.containers.find((each) => each.service === service);
  if (queries === undefined && container === undefined) return null;
  const timing =
    profile?.services?.find((each) => each.service === service && each.postgres !== null)?.postgres ?? null;
  return {
    writes: queries === undefined ? 0 : writesOf(queries),
    bytes: container?.blockWrittenBytes ?? 0,
    commitSeconds: commitSeconds(timing),
    workers: workersOf(profile?.pytest),
  };
}

function writesOf({ mostFrequent, slowest }: ServiceQueries): number {
  const byText = new Map([...mostFrequent, ...slowest].map((each) => [each.text, each.calls]));
  return [...byText].reduce((sum, [text, calls]) => sum + (WRITES.test(text) ? calls : 0), 0);
}

function commitSeconds(timing: PostgresTiming | null): number | null {
  if (timing?.write.kind !== 'measured' || timing.select.kind !== 'measured') return null;
  return Math.max(0, timing.write.medianSeconds - timing.select.medianSeconds);
}

function workersOf(pytest: PytestProfile | null | undefined): number {
  return Math.max(1, pytest?.configuration.workers ?? 1);
}

/** At most one commit for each statement that writes; with a test in one transaction there is none at all. */
function savingOf({ writes, commitSeconds: commit, workers }: Seen, scenario: string | null) {
  if (commit === null || writes === 0) return savesUnknown('test.duration', scenario);
  const most = (writes * commit) / workers;
  return savesBetween('test.duration', { value: most / 2, low: 0, high: most * 1.5 }, scenario);
}
