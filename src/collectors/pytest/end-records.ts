/** What the probe wrote of a session's end and of its clock, line by line. */
import { asNumber, asText, clipped, type Row } from './foreign-json.ts';

/** Of one session in one process. */
export interface Ending {
  /** Only that a pytest was there: the project's own code ran, and no configuration was made yet. */
  loadingOnly: boolean;
  /** pytest came to its own end. */
  left: boolean;
  /** Tests to run, after deselection. */
  items: number | null;
  /** Tests that had ended when the session did; null if that was not written. */
  ended: number | null;
  /** pytest's own status. */
  exit: number | null;
  /** Why pytest itself wanted to stop before the last test. */
  stop: string | null;
  interrupted: { readonly exitCalled: boolean; readonly message: string | null } | null;
  internalError: string | null;
  /** The test that `pytest.exit()` or the like ended from inside. */
  brokenOff: string | null;
  /** Of the test that began last, by pytest-timeout. */
  timeout: { readonly seconds: number; readonly method: string } | null;
  readonly workersDown: WorkerDown[];
  /** The session's clock next to the seconds since the machine began. */
  readonly clock: { readonly at: number; readonly up: number }[];
  /** Its clock went back within a test. */
  wentBack: boolean;
}

export interface WorkerDown {
  readonly worker: string;
  readonly at: number | null;
  /** The error, and the one that it came from. */
  readonly said: string;
  readonly cause: string | null;
}

/** A session writes five; of more, the last counts. */
const MOST_CLOCK = 10;
/** More are restarts of the same. */
const MOST_WORKERS_DOWN = 100;

export function noEnding(): Ending {
  return {
    loadingOnly: false,
    left: false,
    items: null,
    ended: null,
    exit: null,
    stop: null,
    interrupted: null,
    internalError: null,
    brokenOff: null,
    timeout: null,
    workersDown: [],
    clock: [],
    wentBack: false,
  };
}

/** Reads the facts about the end from a line of any kind. */
export function readEnding(ending: Ending, row: Row): void {
  const [at, up] = [asNumber(row['since']) ?? asNumber(row['at']), asNumber(row['up'])];
  if (at !== null && up !== null) ending.clock[Math.min(ending.clock.length, MOST_CLOCK - 1)] = { at, up };
  READERS[String(row['k'])]?.(ending, row);
}

const READERS: Readonly<Record<string, ((ending: Ending, row: Row) => void) | undefined>> = {
  __proto__: null as never,
  left: (ending) => {
    ending.left = true;
  },
  collected: readItems,
  loop: readItems,
  looped: readProgress,
  finish: (ending, row) => {
    ending.exit = asNumber(row['exit']);
    readProgress(ending, row);
  },
  interrupted: (ending, row) => {
    ending.interrupted ??= { exitCalled: row['exit'] === true, message: shortText(row['said']) };
  },
  internalError: (ending, row) => {
    ending.internalError ??= errorIn(asText(row['type']), shortText(row['said']));
  },
  timeout: (ending, row) => {
    const [seconds, method] = [asNumber(row['seconds']), asText(row['method'])];
    ending.timeout = seconds === null || seconds <= 0 || method === null ? null : { seconds, method };
  },
  workerDown: (ending, row) => {
    const [worker, said] = [asText(row['worker']), shortText(row['said'])];
    if (worker === null || said === null || ending.workersDown.length >= MOST_WORKERS_DOWN) return;
    ending.workersDown.push({ worker, said, cause: shortText(row['cause']), at: asNumber(row['at']) });
  },
};

function shortText(value: unknown): string | null {
  const text = asText(value);
  return text === null ? null : clipped(text);
}

function readItems(ending: Ending, row: Row): void {
  ending.items = asNumber(row['n']) ?? ending.items;
}

function readProgress(ending: Ending, row: Row): void {
  ending.ended = asNumber(row['ended']) ?? ending.ended;
  ending.stop = shortText(row['stop']) ?? ending.stop;
}

/** A worker's error comes as the text of an AssertionError, whose last line names its own type. */
function errorIn(type: string | null, said: string | null): string | null {
  if (said === null) return type;
  const own = /^(?:INTERNALERROR> *)?(\w[\w.]*(?:Error|Exception|Exit|Failure|Failed)\b.*)$/.exec(said)?.[1];
  if (own !== undefined && (type === null || type === 'AssertionError')) return own;
  return type === null ? said : `${type}: ${said}`;
}
