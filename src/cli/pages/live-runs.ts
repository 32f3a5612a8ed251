/** Running benchmarks, for the pages: looked at when a browser asks, and once for all that ask in the same second. */
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { runFolder } from '../../data/directory.ts';
import type { Step } from '../../model/progress.ts';
import type { RunNow, TrialOutput, TrialUsage } from '../../report/live/run-now.ts';
import { storedSteps } from '../../report/live/stored-steps.ts';
import type { LiveRuns, WorkflowRun } from '../../site/live-runs.ts';
import type { Store } from '../../store/store.ts';
import { FollowedTrial, latestTry } from '../run/usage.ts';
import { OutputOfTrial } from './output-of-trial.ts';
import { type TemporalSays, TemporalRun } from './temporal-run.ts';

/** The interval of the containers' samples. */
const LOOK_MS = 1_000;
const ANSWER_MS = 2_000;

export interface LiveRunsParts {
  readonly client: () => Promise<Client>;
  readonly store: Pick<Store, 'listRuns' | 'loadFacts'>;
  readonly dataDirectory: string;
  readonly uiUrl: (run: WorkflowRun) => string | null;
}

export function liveRuns(parts: LiveRunsParts): LiveRuns {
  const followed = new Map<string, { viewers: number; readonly run: RunLooks }>();
  return {
    uiUrl: parts.uiUrl,
    find: async (workflowId) => {
      try {
        const client = await parts.client();
        const { runId } = await client.withDeadline(Date.now() + ANSWER_MS, () =>
          client.workflow.getHandle(workflowId).describe(),
        );
        return { workflowId, runId };
      } catch {
        return null;
      }
    },
    look: (run) => (followed.get(run.runId)?.run ?? new RunLooks(run, parts)).latest(),
    watch: async function* (run, stop) {
      const entry = followed.get(run.runId) ?? { viewers: 0, run: new RunLooks(run, parts) };
      followed.set(run.runId, entry);
      entry.viewers += 1;
      try {
        while (!stop.aborted) {
          const now = await entry.run.latest();
          if (stop.aborted) return;
          yield now;
          if (now.standing.kind === 'closed') return;
          await sleep(LOOK_MS, undefined, { signal: stop }).catch(() => {});
        }
      } finally {
        entry.viewers -= 1;
        if (entry.viewers === 0) followed.delete(run.runId);
      }
    },
  };
}

/** One run, from look to look. */
class RunLooks {
  readonly #run: WorkflowRun;
  readonly #parts: LiveRunsParts;
  readonly #temporal: TemporalRun;
  readonly #usage = new Map<string, FollowedTrial>();
  readonly #outputs = new Map<string, OutputOfTrial>();
  #trials: readonly string[] = [];
  #latest: { readonly atMs: number; readonly now: Promise<RunNow> } | null = null;

  constructor(run: WorkflowRun, parts: LiveRunsParts) {
    this.#run = run;
    this.#parts = parts;
    this.#temporal = new TemporalRun(parts.client, run);
  }

  /** At most a second old. */
  latest(): Promise<RunNow> {
    const nowMs = Date.now();
    // A little less than the time between two looks of one viewer, who would else get each look twice.
    if (this.#latest === null || nowMs - this.#latest.atMs > LOOK_MS * 0.9)
      this.#latest = { atMs: nowMs, now: this.#look(nowMs) };
    return this.#latest.now;
  }

  async #look(nowMs: number): Promise<RunNow> {
    const { runId, workflowId } = this.#run;
    const [said, row] = await Promise.all([this.#temporal.look(nowMs), this.#row()]);
    const steps = said.progress?.steps ?? (row === null ? [] : await this.#storedSteps());
    const [usage, outputs] = await this.#ofTrials(steps, said);
    return {
      runId,
      workflowId,
      project: said.progress?.project ?? row?.project ?? null,
      commit: said.progress?.commit ?? row?.commit ?? null,
      branch: row?.branch ?? null,
      startedAt: row?.startedAt ?? said.startedAt,
      standing: said.standing,
      steps,
      stepsAreOld: said.progress === null || said.progressIsOld,
      notes: said.progress?.notes ?? [],
      troubles: said.troubles,
      usage,
      outputs,
      uiUrl: this.#parts.uiUrl(this.#run),
      seenAtMs: nowMs,
    };
  }

  async #row() {
    const rows = await this.#parts.store.listRuns({ id: this.#run.runId, limit: 20 });
    return rows.find(({ run }) => run.runId === this.#run.runId) ?? null;
  }

  async #storedSteps(): Promise<readonly Step[]> {
    return storedSteps(await this.#parts.store.loadFacts(this.#run));
  }

  /** Between two trials the output of the last one stays. */
  async #ofTrials(
    steps: readonly Step[],
    { standing }: TemporalSays,
  ): Promise<readonly [readonly TrialUsage[], readonly TrialOutput[]]> {
    const running = await trialsOf(this.#parts.dataDirectory, this.#run.runId, steps).catch(() => []);
    if (running.length > 0) this.#trials = running;
    const usage = standing.kind !== 'running' ? [] : running.map((folder) => usageOf(folder, this.#usage));
    const outputs = this.#trials.map((folder) => outputOf(folder, this.#outputs));
    return [(await Promise.all(usage)).filter(({ containers }) => containers.length > 0), await Promise.all(outputs)];
  }
}

/** Folders of the trials that run: those of the running steps; of a comparison the one of its sides that was written last. */
async function trialsOf(dataDirectory: string, runId: string, steps: readonly Step[]): Promise<readonly string[]> {
  const folder = join(runFolder(dataDirectory, runId), 'trials');
  const running = steps.filter(({ state }) => state === 'running');
  const ofSteps = await Promise.all(running.map(({ id }) => latestTry(folder, id).catch(() => null)));
  const found = ofSteps.filter((each) => each !== null);
  if (found.length > 0 || running.length === 0) return found;
  const newest = await newestTrial(join(dataDirectory, 'runs'), runId);
  return newest === null ? [] : [newest];
}

async function newestTrial(runs: string, runId: string): Promise<string | null> {
  const sides = (await readdir(runs)).filter((name) => name.startsWith(`${runId}.`));
  const folders = await Promise.all(
    sides.map(async (side) => {
      const trials = join(runs, side, 'trials');
      return (await readdir(trials).catch(() => [])).map((name) => join(trials, name));
    }),
  );
  const written = await Promise.all(
    folders.flat().map(async (folder) => {
      const { mtimeMs } = await stat(join(folder, 'output.log')).catch(() => ({ mtimeMs: 0 }));
      return { folder, mtimeMs };
    }),
  );
  return written.toSorted((a, b) => b.mtimeMs - a.mtimeMs)[0]?.folder ?? null;
}

async function usageOf(folder: string, known: Map<string, FollowedTrial>): Promise<TrialUsage> {
  const trial = known.get(folder) ?? new FollowedTrial(join(folder, 'samples.jsonl'));
  known.set(folder, trial);
  return { trial: basename(folder), containers: await trial.look().catch(() => []) };
}

async function outputOf(folder: string, known: Map<string, OutputOfTrial>): Promise<TrialOutput> {
  const output = known.get(folder) ?? new OutputOfTrial(folder);
  known.set(folder, output);
  return { trial: basename(folder), ...(await output.look()) };
}
