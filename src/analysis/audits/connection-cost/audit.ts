import type { ConnectionCost } from '../../../model/profile/test-table.ts';
import type { FixtureCost, PytestProfile } from '../../../model/profile/pytest-profile.ts';
import type { Place } from '../../../model/project-files.ts';
import type { ServiceTiming } from '../../../model/profile/services.ts';
import type { RunFacts } from '../../../model/run.ts';
import { figure } from '../../../format/figure.ts';
import { type Audit, type Finding, savesBetween } from '../audit.ts';
import { type Primary, primaryOf, testCount } from '../support/primary.ts';

/** Saved seconds that are worth a change. */
export const WORTH_SECONDS = 0.5;
/** A suite that opens fewer does so for its own reasons. */
export const WORTH_CALLS = 50;
const KEPT_FOR_EACH_PROCESS = 5;

/** A new connection is a round trip, an authentication and a server process. A pool, or a session fixture, pays that once. */
export const connectionCost: Audit = {
  id: 'connection-cost',
  title: 'Tests open a new connection to a service again and again',
  ok: 'No noticeable time goes into opening connections.',
  requires: ['pytest'],
  audit: (context) => {
    const primary = primaryOf(context);
    const connections = primary?.pytest.connections;
    if (primary === null || connections === undefined)
      return [{ kind: 'inconclusive', reason: 'The connections of the tests were not recorded.' }];
    return connections.flatMap((each) => finding(context.facts, primary, each));
  },
};

function finding(
  facts: RunFacts,
  { scenario, processes, pytest, caveats }: Primary,
  connection: ConnectionCost,
): Finding[] {
  const { host, port, calls, seconds, tests } = connection;
  const timing = timingOf(facts, connection);
  // The connect of a socket is less than the session that a database starts on it.
  const each = Math.max(seconds / Math.max(1, calls), timing ?? 0);
  const spared = Math.max(0, calls - KEPT_FOR_EACH_PROCESS * processes);
  const value = (spared * each) / processes;
  if (calls < WORTH_CALLS || value < WORTH_SECONDS) return [];
  return [
    {
      kind: 'opportunity',
      message: `Keep connections to ${host} open between tests, by a pool or a session fixture: the tests open ${calls}.`,
      evidence: [
        `${calls} connections to ${host}:${port} in ${tests} of ${testCount(pytest)} tests`,
        `each takes about ${figure(each, 'second')}${timing === null ? '' : ', session and authentication included'}`,
        ...caveats,
      ],
      where: placeOfOpener(pytest, connection),
      saves: savesBetween('test.duration', { value, low: value * 0.6, high: value * 1.4 }, scenario.name),
      remedy: {
        kind: 'steps',
        steps: [
          'Make the engine or client in a fixture of scope session, and give each test a transaction or a cleaned state.',
        ],
      },
    },
  ];
}

/** The project's own line that opens them; where none was recorded, the fixture that is set up as often. */
function placeOfOpener({ fixtures }: PytestProfile, { opened, calls, seconds }: ConnectionCost): Place | null {
  if (opened != null) return opened;
  const isOpener = ({ count, seconds: own }: FixtureCost) =>
    count >= OFTEN && calls % count === 0 && own >= OPENS * seconds;
  const found = fixtures.filter(isOpener).find(({ definition }) => definition != null)?.definition;
  return found == null ? null : { file: found.file, line: found.line };
}

/** A fixture that is set up less often opens none for each test. */
const OFTEN = 10;
/** The part of the connections' time that the fixture which opens them takes at least. */
const OPENS = 0.5;

function timingOf({ trials }: RunFacts, { host, port }: ConnectionCost): number | null {
  const timings = trials.flatMap(({ profile }) => profile?.services ?? []);
  const found = timings.find(
    (each: ServiceTiming) =>
      each.port === port && (each.service === host || /^[\d.:a-f]+$/i.test(host)) && each.postgres !== null,
  );
  const connect = found?.postgres?.connect;
  return connect?.kind === 'measured' ? connect.medianSeconds : null;
}
