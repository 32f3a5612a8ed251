/** What was seen of one container while it started, and when it could be used according to that. Pure. */

/** A sign, without the service's own healthcheck, that it can be used. */
export type Sign =
  /** The TCP port that it declares answers. */
  | { readonly kind: 'port'; readonly port: number }
  /** It listens on a TCP port that it does not declare. */
  | { readonly kind: 'socket'; readonly port: number }
  | { readonly kind: 'log'; readonly line: string };

export interface Opening {
  readonly seconds: number;
  readonly sign: Sign;
}

/** One run of its healthcheck's command by Paceline. */
export interface CheckRun {
  readonly startedSeconds: number;
  readonly endedSeconds: number;
  readonly passed: boolean;
}

/**
 * Who runs its healthcheck's command often enough to see when it first passes: Paceline, or the engine if its interval
 * is short enough. `unasked`: it has none, or no one runs it often enough.
 */
export type Asking =
  | { readonly by: 'paceline' }
  | { readonly by: 'engine'; readonly intervalSeconds: number }
  | { readonly by: 'unasked' };

export interface Evidence {
  /**
   * It declares a port that can be tried, or its image is known to report in its log. A healthcheck may pass too early:
   * PostgreSQL's image first starts a server that only it can reach, and asks that one.
   */
  readonly expectsSign: boolean;
  readonly asking: Asking;
  /** By time. One that closed again is not in it. */
  readonly openings: readonly Opening[];
  /** By time. */
  readonly runs: readonly CheckRun[];
}

export interface Ready {
  readonly seconds: number;
  readonly sign: Sign | null;
  /** Who ran the healthcheck that passed; null if no one did. */
  readonly passedBy: 'paceline' | 'engine' | null;
}

/** The maximum time of the engine's own run, if it is a negligible part of the interval. */
const ENGINE_RUN_SECONDS = 1;

/** The first of the expected signs; undefined until there is one. */
export function expectedOpening({ expectsSign, openings }: Pick<Evidence, 'expectsSign' | 'openings'>) {
  return openings.find(({ sign }) => !expectsSign || sign.kind !== 'socket');
}

/** Nothing later will be a better answer: its command has passed, and no sign contradicts that. */
export function isTold(evidence: Evidence): boolean {
  return passing(evidence) !== undefined && (!evidence.expectsSign || expectedOpening(evidence) !== undefined);
}

/**
 * If its healthcheck's command is run, the service is ready when that first passes. A sign just before it gives the
 * time more exactly than the run. Otherwise the service is ready at the first sign.
 * @returns null without evidence
 */
export function readyAt(evidence: Evidence, healthySeconds: number | null): Ready | null {
  const found = seen(evidence, healthySeconds);
  if (found === null || healthySeconds === null) return found;
  return { ...found, seconds: Math.min(found.seconds, healthySeconds) };
}

function seen(evidence: Evidence, healthySeconds: number | null): Ready | null {
  const { asking, openings, runs } = evidence;
  const passed = passing(evidence);
  if (passed !== undefined) return byRun(evidence, passed);
  const last = runs.at(-1);
  if (last !== undefined) return byEngine(openings, last.startedSeconds, healthySeconds);
  if (asking.by === 'engine' && healthySeconds !== null)
    return byEngine(openings, healthySeconds - asking.intervalSeconds - ENGINE_RUN_SECONDS, healthySeconds);
  const first = expectedOpening(evidence) ?? openings[0];
  return first === undefined ? null : { ...first, passedBy: null };
}

function passing(evidence: Evidence): CheckRun | undefined {
  const from = signalledFrom(evidence);
  return evidence.runs.find(({ passed, endedSeconds }) => passed && endedSeconds >= from);
}

/** A pass before the expected sign does not count once the sign has come. */
function signalledFrom(evidence: Evidence): number {
  return evidence.expectsSign
    ? (expectedOpening(evidence)?.seconds ?? Number.NEGATIVE_INFINITY)
    : Number.NEGATIVE_INFINITY;
}

function byRun(evidence: Evidence, passed: CheckRun): Ready {
  const from = signalledFrom(evidence);
  const failed = evidence.runs.findLast((run) => !run.passed && run.startedSeconds < passed.startedSeconds);
  const after = failed?.startedSeconds ?? Number.NEGATIVE_INFINITY;
  const opening = evidence.openings.find(
    ({ seconds }) => seconds > after && seconds >= from && seconds <= passed.endedSeconds,
  );
  if (opening !== undefined) return { ...opening, passedBy: 'paceline' };
  // The command decides near the end of its run, after the engine has made its process. So the service got ready
  // between two such ends.
  const seconds = failed === undefined ? passed.startedSeconds : (failed.endedSeconds + passed.endedSeconds) / 2;
  return { seconds, sign: null, passedBy: 'paceline' };
}

/** The engine's run passed, and an earlier one (or Paceline's) had not. The service got ready in between. */
function byEngine(openings: readonly Opening[], afterSeconds: number, healthySeconds: number | null): Ready | null {
  if (healthySeconds === null) return null;
  const opening = openings.find(({ seconds }) => seconds > afterSeconds && seconds <= healthySeconds);
  return { ...(opening ?? { seconds: healthySeconds, sign: null }), passedBy: 'engine' };
}

/** "TCP port 5432, and its healthcheck passes" */
export function howSeen({ sign, passedBy }: Ready): string {
  if (sign === null)
    return passedBy === 'engine' ? 'its healthcheck, run by the engine' : 'its healthcheck, run by Paceline';
  return passedBy === null ? signInWords(sign) : `${signInWords(sign)}, and its healthcheck passes`;
}

function signInWords(sign: Sign): string {
  switch (sign.kind) {
    case 'port':
      return `TCP port ${sign.port}`;
    case 'socket':
      return `it listens on TCP port ${sign.port}`;
    case 'log':
      return `its log: "${sign.line}"`;
  }
}
