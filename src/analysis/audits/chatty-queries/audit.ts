import type { ServiceQueries, Statement } from '../../../model/profile/services.ts';
import type { PytestProfile } from '../../../model/profile/pytest-profile.ts';
import type { RunFacts, TrialRecord } from '../../../model/run.ts';
import { figure } from '../../../format/figure.ts';
import { type Audit, type Finding, savesBetween, savesUnknown } from '../audit.ts';
import { placeOfTest, type Primary, primaryOf, testCount } from '../support/primary.ts';

/** Calls of one statement for each test that ran. A test that asks for a few rows makes fewer. */
export const MANY_FOR_EACH_TEST = 20;
export const MANY_CALLS = 500;
export const WORTH_SECONDS = 0.5;
/** From this number of calls on the tests' own driver takes noticeable time, which no figure here shows. */
export const CALLS_OF_DRIVER = 2000;
/** Share of the time that remains if the rows are asked for together. */
const REMAINS = 0.1;

/** The same SELECT for one row after another: an ORM that loads related rows one by one, known as N+1. */
export const chattyQueries: Audit = {
  id: 'chatty-queries',
  title: 'The same statement runs again and again for single rows',
  ok: 'No statement runs so often that it costs noticeable time.',
  requires: ['pytest'],
  audit: (context) => {
    const primary = primaryOf(context);
    const trial = context.facts.trials.find(({ profile }) => (profile?.queries ?? []).length > 0);
    if (primary === null || trial === undefined)
      return [{ kind: 'notApplicable', reason: 'The statements of no trial were recorded.' }];
    return (trial.profile?.queries ?? []).flatMap((queries) =>
      queries.mostFrequent.flatMap((each) => finding(context.facts, primary, { trial, queries, statement: each })),
    );
  },
};

interface Seen {
  readonly trial: TrialRecord;
  readonly queries: ServiceQueries;
  readonly statement: Statement;
}

function finding(
  facts: RunFacts,
  { scenario, processes, pytest, caveats }: Primary,
  { queries, statement }: Seen,
): Finding[] {
  const { calls, seconds, text } = statement;
  if (!/^\s*select\b/i.test(text) || !/\bwhere\b/i.test(text)) return [];
  if (calls < MANY_CALLS || calls / testCount(pytest) < MANY_FOR_EACH_TEST) return [];
  const trip = roundTrip(facts, queries.service);
  const value = ((seconds + calls * trip) * (1 - REMAINS)) / processes;
  const isTimed = value >= WORTH_SECONDS;
  if (!isTimed && calls < CALLS_OF_DRIVER) return [];
  const waiting = waitingTest(pytest, seconds + calls * trip);
  return [
    {
      kind: 'opportunity',
      message: `Load the rows of this statement together (a join, \`IN\`, or eager loading of the ORM): ${queries.service} ran it ${calls} times for single rows.`,
      evidence: [
        `\`${text.replaceAll(/\s+/g, ' ').slice(0, 160)}\``,
        `${calls} calls, ${(calls / testCount(pytest)).toFixed(0)} for each test; ${figure(seconds, 'second')} in the server, and about ${figure(calls * trip, 'second')} on the way`,
        "what the tests' own driver takes for each call is not in these figures",
        ...(waiting === null
          ? []
          : [`${waiting.id} waits longest: ${figure(waiting.seconds, 'second')} without CPU time of its own`]),
        ...caveats,
      ],
      where: waiting === null ? null : placeOfTest(pytest, waiting.id),
      saves: isTimed
        ? savesBetween('test.duration', { value, low: value * 0.5, high: value * 2 }, scenario.name)
        : savesUnknown('test.duration', scenario.name),
      remedy: {
        kind: 'steps',
        steps: [
          'Find where the ORM loads a relation in a loop, and load it with the first query (`selectinload`, `prefetch_related`).',
        ],
      },
    },
  ];
}

/**
 * Which test asked is not recorded. Where one test waited for most of what all tests waited, and for as long as the statement took
 * at least, it is the one to look at.
 */
function waitingTest({ table }: PytestProfile, statementSeconds: number): { id: string; seconds: number } | null {
  const waits = table?.cpu?.map((cpu, test) => Math.max(0, table.call[test]! - cpu)) ?? [];
  const longest = Math.max(0, ...waits);
  const sum = waits.reduce((total, seconds) => total + seconds, 0);
  if (table === undefined || longest < MOST_OF * sum || longest < MOST_OF * statementSeconds || longest === 0)
    return null;
  const test = waits.indexOf(longest);
  return { id: `${table.files[table.file[test]!]}::${table.name[test]}`, seconds: longest };
}

const MOST_OF = 0.5;

/** An open session's `SELECT 1`, as the tests' own network has it. */
function roundTrip({ trials }: RunFacts, service: string): number {
  const select = trials
    .flatMap(({ profile }) => profile?.services ?? [])
    .find((each) => each.service === service && each.postgres !== null)?.postgres?.select;
  return select?.kind === 'measured' ? select.medianSeconds : 0;
}
