import type { ServiceQueries } from '../../../model/profile/services.ts';
import type { RunFacts, TrialRecord } from '../../../model/run.ts';
import { figure } from '../../../format/figure.ts';
import { setComposeKey } from '../../patches/compose-edit.ts';
import { makePatch } from '../../patches/make-patch.ts';
import { placeOf } from '../../place-of.ts';
import { type Audit, type AuditContext, type Finding, savesUnknown } from '../audit.ts';
import { composeValues, hasComposeKey, runsServer, serviceImage } from '../../project-files/compose.ts';

/** Fewer writes cost nothing that could be noticed. */
export const WORTH_WRITES = 200;
export const WORTH_BYTES = 20_000_000;

const POSTGRES = /^(?:postgres|postgis|pgvector|timescaledb)/;
const COMMAND = '["postgres", "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]';
const WRITES = /^\s*(?:insert|update|delete|truncate|create|drop|alter|copy)\b/i;

/** A test database may lose its data when the machine loses power. What durability costs depends on the disk, and only a measurement tells it. */
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

/** By its image, or as it answered when it was asked as a PostgreSQL server. */
function databases({ projectFiles, trials }: RunFacts): readonly string[] {
  const names = (projectFiles?.composeFiles ?? []).flatMap(({ keys }) =>
    keys.flatMap(({ path }) => (path[0] === 'services' && path.length === 2 ? [String(path[1])] : [])),
  );
  const timings = trials.flatMap(({ profile }) => profile?.services ?? []);
  const answered = timings
    .filter(({ postgres }) => postgres?.connect.kind === 'measured')
    .map(({ service }) => service);
  return [...new Set([...names.filter((service) => hasKnownImage(projectFiles, service)), ...answered])];
}

function hasKnownImage(files: RunFacts['projectFiles'], service: string): boolean {
  return POSTGRES.test(serviceImage(files, service) ?? '') && runsServer(files, service);
}

function finding({ facts, plan }: AuditContext, service: string): Finding[] {
  const { projectFiles: files } = facts;
  if (composeValues(files, service, ['command']).some((value) => value.includes('fsync'))) return [];
  if (composeValues(files, service, ['tmpfs']).some((value) => value.includes('postgresql'))) return [];
  const seen = facts.trials.map((trial) => writesIn(trial, service)).find((each) => each !== null);
  if (seen === undefined) {
    const reason = `Neither the statements of ${service} nor what it wrote to the disk were recorded.`;
    return [{ kind: 'inconclusive', reason }];
  }
  if ((seen.writes ?? 0) < WORTH_WRITES && (seen.bytes ?? 0) < WORTH_BYTES) return [];
  const primary = plan.scenarios.find((scenario) => scenario.primary)?.name ?? null;
  // What another image starts without a command is not known.
  const edit =
    hasComposeKey(files, service, ['command']) || !hasKnownImage(files, service)
      ? null
      : setComposeKey(files, service, ['command'], COMMAND);
  const patch = edit === null ? null : makePatch(files, [edit]);
  return [
    {
      kind: 'opportunity',
      message: `Start ${service} with fsync, synchronous_commit and full_page_writes off, or keep its data in a tmpfs: a test database need not survive a crash.`,
      evidence: [
        ...(seen.writes === null ? [] : [`${seen.writes} statements wrote`]),
        ...(seen.bytes === null ? [] : [`${service} wrote ${figure(seen.bytes, 'byte')} to the disk`]),
      ],
      where: placeOf(files, { kind: 'composeKey', service, key: [] }),
      // The probe writes to a temporary table, whose commits wait for no disk. So what a commit costs is not known.
      saves: savesUnknown('test.duration', primary),
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

/** null: not recorded. */
interface Seen {
  readonly writes: number | null;
  readonly bytes: number | null;
}

function writesIn({ profile }: TrialRecord, service: string): Seen | null {
  const queries = profile?.queries?.find((each) => each.service === service);
  const container = profile?.resources?.containers.find((each) => each.service === service);
  const writes = queries === undefined ? null : writesOf(queries);
  const bytes = container?.blockWrittenBytes ?? null;
  return writes === null && bytes === null ? null : { writes, bytes };
}

function writesOf({ mostFrequent, slowest }: ServiceQueries): number {
  const byText = new Map([...mostFrequent, ...slowest].map((each) => [each.text, each.calls]));
  return [...byText].reduce((sum, [text, calls]) => sum + (WRITES.test(text) ? calls : 0), 0);
}
