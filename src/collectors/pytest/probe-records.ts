/** What the probe wrote, line by line, as sessions. Whatever a file holds, it is read as far as it makes sense. */
import type { TestCounts } from '../../model/test-counts.ts';
import type { TestOutcome } from '../../model/profile/pytest-profile.ts';
import { type RecordedCosts, isBulk, noCosts, readCosts, type UseList } from './cost-records.ts';
import { type Ending, noEnding, readEnding } from './end-records.ts';
import { asArray, asCounts, asNumber, asRecord, asText, type Row } from './foreign-json.ts';

/** One pytest session in one process; times are seconds of the machine's monotonic clock, null if nothing was written. */
export interface ProbeSession {
  readonly pid: number;
  readonly parent: number;
  /** xdist's name of the process; null for pytest's own. */
  readonly worker: string | null;
  /** The start of the container's first process, and of this one. */
  readonly containerStart: number | null;
  readonly processStart: number;
  /** The session's clock less the seconds since 1970, at its first line; null where that was not written. */
  readonly aheadOfWall: number | null;
  /** When the session's first line was written. */
  readonly since: number;
  /** Null when pytest ended before its session started, as on wrong usage. */
  configuration: Row | null;
  sessionStart: number | null;
  collected: number | null;
  loopStart: number | null;
  loopEnd: number | null;
  end: number | null;
  coverageSeconds: number | null;
  counts: TestCounts | null;
  /** Its tests came to their end by themselves, or pytest ended them: the counts are final. */
  finished: boolean;
  readonly tests: ProbeTest[];
  /** Tests beyond what is kept of a trial; they are in the counts all the same. */
  testsLeftOut: number;
  fixtures: readonly ProbeFixture[];
  readonly ending: Ending;
  readonly costs: RecordedCosts;
}

export interface ProbeTest {
  readonly id: string;
  readonly markers: readonly string[];
  readonly from: number;
  /** null: it had not ended. */
  to: number | null;
  setup: number;
  call: number;
  teardown: number;
  outcome: TestOutcome;
  /** CPU seconds of its process and of the children that it waited for; null if unknown. */
  cpu: number | null;
  /** The fixtures that it uses; null if unknown. */
  uses: UseList | null;
  /** Where its function begins in its file; null if unknown. */
  readonly line: number | null;
}

export interface ProbeFixture {
  readonly name: string;
  readonly scope: string;
  readonly where: string;
  readonly count: number;
  readonly seconds: number;
  readonly slowest: number;
  readonly teardown: number;
  /** Whether tests change what it returned; null where no value was compared. */
  readonly value: 'same' | 'changed' | 'differs' | 'unknown' | null;
}

/** For all processes of a trial together: the input of a profile must fit into memory, whatever the tests wrote there. */
const MOST_SESSIONS = 1_000;
const MOST_TESTS = 200_000;
const MOST_CHARACTERS = 2 ** 26;

export interface ProbeReader {
  /** The next line of a process. Lines that are cut off or foreign are passed over. */
  readonly add: (line: string) => void;
  /** Whatever comes next is another process's. */
  readonly endOfProcess: () => void;
  readonly sessions: () => ProbeSession[];
}

/** Reads the lines of all processes of a trial, one process after the other. Never throws. */
export function createProbeReader(): ProbeReader {
  const sessions: ProbeSession[] = [];
  let session: ProbeSession | null = null;
  let open = new Map<number, ProbeTest>();
  let [tests, characters] = [0, 0];
  /** @returns whether there is room for one more test; it is counted in any case */
  const hasRoom = (owner: ProbeSession, line: string): boolean => {
    tests += 1;
    characters += line.length;
    const fits = tests <= MOST_TESTS && characters <= MOST_CHARACTERS;
    if (!fits) owner.testsLeftOut += 1;
    return fits;
  };
  return {
    add: (line) => {
      const row = parseLine(line);
      if (row === null) return;
      if (row['k'] === 'start' || row['k'] === 'loading') {
        // A session that was only loading until now is the one that starts.
        if (row['k'] === 'start' && session !== null && isLoading(session)) sessions.pop();
        session = sessions.length < MOST_SESSIONS ? sessionOf(row) : null;
        if (session !== null) sessions.push(session);
        open = new Map();
      }
      if (session === null) return;
      readEnding(session.ending, row);
      if (row['k'] === 'test' && !hasRoom(session, line)) return;
      if (isBulk(row)) {
        characters += line.length;
        if (characters > MOST_CHARACTERS) return;
      }
      readCosts(session.costs, row);
      READERS[String(row['k'])]?.(session, row, open);
    },
    endOfProcess: () => {
      session = null;
    },
    sessions: () => sessions,
  };
}

/** The sessions of one process of which all lines are there. */
export function readProbe(text: string): ProbeSession[] {
  const reader = createProbeReader();
  for (const line of text.split('\n')) reader.add(line);
  return reader.sessions();
}

function isLoading(session: ProbeSession): boolean {
  return session.ending.loadingOnly && !session.ending.left;
}

type Reader = (session: ProbeSession, row: Row, open: Map<number, ProbeTest>) => void;

/** By the kind of a line, its `k`. */
const READERS: Readonly<Record<string, Reader | undefined>> = {
  __proto__: null as never,
  session: (session, row) => {
    session.sessionStart = asNumber(row['at']);
    session.configuration = row;
  },
  collected: (session, row) => {
    session.collected = asNumber(row['to']);
  },
  loop: (session, row) => {
    session.loopStart = asNumber(row['at']);
  },
  looped: (session, row) => {
    session.loopEnd = asNumber(row['at']);
    session.finished = true;
    session.counts = asCounts(row['counts']) ?? session.counts;
  },
  coverage: (session, row) => {
    const [from, to] = [asNumber(row['from']), asNumber(row['to'])];
    if (from !== null && to !== null && to >= from) session.coverageSeconds = to - from;
  },
  finish: (session, row) => {
    session.finished = true;
    session.counts = asCounts(row['counts']) ?? session.counts;
  },
  end: (session, row) => {
    session.finished = true;
    session.end = asNumber(row['at']);
    session.counts = asCounts(row['counts']) ?? session.counts;
  },
  fixtures: (session, row) => {
    session.fixtures = asArray(row['rows']).flatMap(fixtureOf);
    session.counts = asCounts(row['counts']) ?? session.counts;
  },
  test: ({ tests }, row, open) => {
    const [number, from, id] = [asNumber(row['n']), asNumber(row['at']), asText(row['id'])];
    if (number === null || from === null || id === null) return;
    const markers = asArray(row['marks']).flatMap((mark) => asText(mark) ?? []);
    const test: ProbeTest = {
      id,
      markers,
      from,
      to: null,
      setup: 0,
      call: 0,
      teardown: 0,
      outcome: 'unfinished',
      cpu: null,
      uses: null,
      line: asNumber(row['l']),
    };
    open.set(number, test);
    tests.push(test);
  },
  done: ({ ending, costs }, row, open) => {
    const number = asNumber(row['n']);
    const [test, to] = [number === null ? undefined : open.get(number), asNumber(row['at'])];
    if (test === undefined || to === null) return;
    // Where the clock went back it ended all the same, and no time is known of it.
    if (to < test.from) ending.wentBack = true;
    if (row['o'] === null) ending.brokenOff = test.id;
    test.to = Math.max(to, test.from);
    test.setup = secondsIn(row['s']);
    test.call = secondsIn(row['c']);
    test.teardown = secondsIn(row['d']);
    const cpu = asNumber(row['u']);
    test.cpu = cpu === null || cpu < 0 ? null : cpu;
    test.uses = costs.uses.get(asNumber(row['f']) ?? -1) ?? null;
    // A test that ended without a report was broken off from inside, as by pytest.exit().
    test.outcome = OUTCOMES.find((outcome) => outcome === row['o']) ?? 'error';
  },
};

const OUTCOMES = ['passed', 'failed', 'error', 'skipped', 'xfailed', 'xpassed'] as const;

function parseLine(line: string): Row | null {
  if (!line.startsWith('{')) return null;
  try {
    return asRecord(JSON.parse(line));
  } catch {
    return null;
  }
}

function sessionOf(row: Row): ProbeSession {
  const loaded = asNumber(row['at']) ?? 0;
  const since = asNumber(row['since']) ?? loaded;
  const [container, own, wall] = [asNumber(row['age']), asNumber(row['own']), asNumber(row['wall'])];
  return {
    pid: asNumber(row['pid']) ?? 0,
    parent: asNumber(row['parent']) ?? 0,
    worker: asText(row['worker']),
    containerStart: container === null || container < 0 ? null : since - container,
    // Both can be read to be after now where /proc is of another machine than it seems.
    processStart: own === null || own < 0 ? loaded : since - own,
    aheadOfWall: wall === null ? null : since - wall,
    since,
    configuration: null,
    sessionStart: null,
    collected: null,
    loopStart: null,
    loopEnd: null,
    end: null,
    coverageSeconds: null,
    counts: null,
    finished: false,
    tests: [],
    testsLeftOut: 0,
    fixtures: [],
    ending: { ...noEnding(), loadingOnly: row['k'] === 'loading' },
    costs: noCosts(),
  };
}

function fixtureOf(value: unknown): ProbeFixture[] {
  const [name, scope, where, count, seconds, slowest, teardown, change] = asArray(value);
  const known = { name: asText(name), count: asNumber(count), seconds: asNumber(seconds) };
  if (known.name === null || known.count === null || known.seconds === null || known.seconds < 0) return [];
  return [
    {
      name: known.name,
      scope: asText(scope) ?? '',
      where: asText(where) ?? '',
      count: Math.max(0, Math.round(known.count)),
      seconds: known.seconds,
      slowest: secondsIn(slowest),
      teardown: secondsIn(teardown),
      value: VALUES.find((known) => known === change) ?? null,
    },
  ];
}

const VALUES = ['same', 'changed', 'differs', 'unknown'] as const;

function secondsIn(value: unknown): number {
  return Math.max(0, asNumber(value) ?? 0);
}
