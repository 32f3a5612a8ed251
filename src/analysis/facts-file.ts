/**
 * facts.json: everything that a run's result and report are made from, so that both can be made again with neither Docker nor
 * Temporal, by a later version or with another threshold.
 */
import { wrongUsage } from '../model/failure.ts';
import type { StoredVerification } from '../model/advice.ts';
import type { RunResult } from '../model/result.ts';
import type { RunFacts } from '../model/run.ts';
import { analyze } from './analyze.ts';
import type { Compared } from './regression/in-result.ts';

/** Goes up when an older version can no longer read the file. docs/facts.md lists the versions. */
export const FACTS_VERSION = 1;

export interface FactsFile {
  readonly factsVersion: typeof FACTS_VERSION;
  readonly facts: RunFacts;
  /** What the runs before it say; null if it was not compared. */
  readonly compared: Compared | null;
  /** How this advice ended where it was tried before. Absent where none was. */
  readonly verified?: readonly StoredVerification[];
}

export function factsFileOf(
  facts: RunFacts,
  compared: Compared | null,
  verified: readonly StoredVerification[] = [],
): FactsFile {
  return { factsVersion: FACTS_VERSION, facts, compared, ...(verified.length === 0 ? {} : { verified }) };
}

/**
 * The result that the run itself had.
 * @throws PacelineError WrongUsage where the facts lack something that every run has
 */
export function resultOfFacts({ facts, compared, verified }: FactsFile, name: string): RunResult {
  try {
    return analyze(facts, compared, verified);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw wrongUsage(`The facts in ${name} are not complete: ${reason}.`, 'Give an unchanged facts.json of a run.');
  }
}

/**
 * @param name of the file, for messages
 * @throws PacelineError WrongUsage for what is not a facts.json, and for one of a newer version
 */
export function parseFactsFile(text: string, name: string): FactsFile {
  const value = jsonOrNull(text);
  const version = isRecord(value) ? value['factsVersion'] : undefined;
  if (typeof version === 'number' && version > FACTS_VERSION) {
    throw wrongUsage(
      `${name} was written by a newer Paceline: its factsVersion is ${version}, and this version reads up to ${FACTS_VERSION}.`,
      'Update Paceline.',
    );
  }
  if (version !== FACTS_VERSION || !isRecord(value) || !isRecord(value['facts'])) {
    throw wrongUsage(
      `${name} is not the facts.json of a run.`,
      "Specify the facts.json in a run's folder, or in the folder of its --output.",
    );
  }
  return value as unknown as FactsFile;
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
