/** Follows the resource usage of running trials' containers, from the samples in the run's directory. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SampleRecord } from '../../collectors/resources/resource-samples.ts';
import { parseSamples } from '../../collectors/resources/sampling.ts';
import type { Progress } from '../../model/progress.ts';
import { type ContainerUsage, usageLines } from '../../report/live/usage.ts';
import { Tail } from '../logs/outputs.ts';

/** The interval of the samples. */
const POLL_MS = 1_000;
const TRIAL_STEP = /^trial:(.+):(\d+)$/;

/** Lines by the id of a running step. */
export type StepUsage = ReadonlyMap<string, readonly string[]>;

export interface FollowUsageOptions {
  readonly progress: () => Progress | null;
  /** Called with the lines of each running step that has samples: one line per container, by the step's id. */
  readonly onUsage: (lines: StepUsage) => void;
  /** Aborted when the run has ended. */
  readonly over: AbortSignal;
}

/** Shows nothing for a run on another host, which has no such directory here. Never rejects. */
export async function followUsage(runDirectory: string, options: FollowUsageOptions): Promise<void> {
  const followed = new Map<string, FollowedTrial>();
  while (!options.over.aborted) {
    const lines = new Map<string, readonly string[]>();
    for (const { id, state } of options.progress()?.steps ?? []) {
      if (state !== 'running') continue;
      const own = await linesOf(runDirectory, id, followed).catch(() => []);
      if (own.length > 0) lines.set(id, own);
    }
    options.onUsage(lines);
    await sleep(POLL_MS, undefined, { signal: options.over }).catch(() => {});
  }
}

async function linesOf(
  runDirectory: string,
  stepId: string,
  followed: Map<string, FollowedTrial>,
): Promise<readonly string[]> {
  const folder = await latestTry(join(runDirectory, 'trials'), stepId);
  if (folder === null) return [];
  const trial = followed.get(folder) ?? new FollowedTrial(join(folder, 'samples.jsonl'));
  followed.set(folder, trial);
  return usageLines(await trial.look());
}

/** The directory of a trial's last try. null for other steps, and for a trial that has not started. */
export async function latestTry(trials: string, stepId: string): Promise<string | null> {
  const [, scenario, trial] = TRIAL_STEP.exec(stepId) ?? [];
  if (scenario === undefined) return null;
  const prefix = `${scenario}-${trial}-`;
  const tries = (await readdir(trials))
    .filter((name) => name.startsWith(prefix))
    .map((name) => Number(name.slice(prefix.length)))
    .filter((number) => Number.isInteger(number));
  return tries.length === 0 ? null : join(trials, `${prefix}${Math.max(...tries)}`);
}

/** The containers of a trial, with their last two samples. */
export class FollowedTrial {
  readonly #tail: Tail;
  readonly #names = new Map<string, string>();
  readonly #containers = new Map<string, ContainerUsage>();

  constructor(file: string) {
    this.#tail = new Tail(file);
  }

  async look(): Promise<readonly ContainerUsage[]> {
    for (const record of parseSamples((await this.#tail.lines()).join('\n'))) this.#note(record);
    return [...this.#containers.values()];
  }

  #note(record: SampleRecord): void {
    if (record.kind === 'container') this.#names.set(record.id, shortName(record.name));
    if (record.kind === 'ended') this.#containers.delete(record.id);
    if (record.kind !== 'sample') return;
    const name = this.#names.get(record.id) ?? record.id.slice(0, 12);
    const previous = this.#containers.get(record.id)?.latest ?? null;
    this.#containers.set(record.id, { name, previous, latest: record });
  }
}

/** `paceline-3f6c0a91b2d4-db-1` is the service db. A name without a service is the test container. */
export function shortName(container: string): string {
  const name = container.replace(/^paceline-[0-9a-f]{12}-?/, '').replace(/-1$/, '');
  return name === '' ? 'tests' : name;
}
