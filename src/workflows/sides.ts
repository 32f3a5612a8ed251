/** The two sides of a comparison on one host: how they are prepared, how a part of them is measured, and how they end. */
import { CancellationScope, isCancellation, patched } from '@temporalio/workflow';
import type { Taken } from '../model/comparison.ts';
import type { Problem } from '../model/failure.ts';
import type { BuildMode } from '../model/plan.ts';
import type { Suspect } from '../model/regression.ts';
import type { RunRef, SourceSpec } from '../model/run.ts';
import { sampleOf, type Side } from '../model/side.ts';
import type { Variant } from '../model/variant.ts';
import type { Host } from './host.ts';
import { problemOf } from './problems.ts';
import { runTrialWithRetries } from './trials.ts';
import { FIT_SCENARIOS } from './versions.ts';

/** A side that is not available: which one, and why in one sentence. */
export class SideUnavailable extends Error {
  readonly side: Side;
  readonly problem: Problem;
  constructor(side: Side, problem: Problem) {
    super(problem.what);
    this.name = 'SideUnavailable';
    this.side = side;
    this.problem = problem;
  }
}

export class Sides {
  readonly #host: Host;
  readonly #parent: RunRef;
  readonly #source: SourceSpec;
  readonly #startedAt: string;
  #opened: readonly RunRef[] = [];
  readonly #primed = new Set<string>();
  #samples = 0;

  constructor(host: Host, facts: { readonly parent: RunRef; readonly source: SourceSpec; readonly startedAt: string }) {
    this.#host = host;
    this.#parent = facts.parent;
    this.#source = facts.source;
    this.#startedAt = facts.startedAt;
  }

  /** A side that uses source, plan and images of an existing run. */
  async adopt(run: RunRef, from: RunRef, modes?: readonly BuildMode[]): Promise<void> {
    this.#opened = [...this.#opened, run];
    const taken = { run: from, ...(modes === undefined ? {} : { modes }) };
    await this.#host.control.openSide.executeWithOptions({ summary: 'a side of the comparison' }, [
      { run, parent: this.#parent, source: this.#source, startedAt: this.#startedAt, from: taken },
    ]);
  }

  /**
   * A side at a commit, or of the source as it is given where there is no ref, with its patch applied and its images built.
   * @param given.like the head, whose plan and lanes count for both, except for the variant's own plan overrides
   */
  async prepare(
    run: RunRef,
    { ref, patch, set }: Partial<Variant>,
    given: { readonly like: RunRef | null; readonly plan?: unknown },
  ): Promise<void> {
    const { control, build } = this.#host;
    const source = ref === undefined ? this.#source : { ...this.#source, ref };
    const state = ref === undefined ? 'of the same source' : `at ${ref.slice(0, 40)}`;
    this.#opened = [...this.#opened, run];
    await control.openSide.executeWithOptions({ summary: `a side ${state}` }, [
      { run, parent: this.#parent, source, startedAt: this.#startedAt },
    ]);
    await control.prepareSource.executeWithOptions({ summary: `a copy ${state}` }, [
      {
        run,
        source,
        ...(patch === undefined ? {} : { patch: { text: patch, name: `The patch of the ${nameOf(run)}` } }),
      },
    ]);
    const resolved = await control.resolvePlan.executeWithOptions({ summary: 'the plan of both sides' }, [
      {
        run,
        side: { like: given.like, ...(set === undefined ? {} : { set }) },
        ...(given.plan === undefined ? {} : { plan: given.plan }),
      },
    ]);
    if (resolved.builds)
      await build.buildImages.executeWithOptions({ summary: 'docker build, not timed' }, [{ run, mode: 'warm' }]);
    // The base takes the scenarios of its head, which are fitted by then.
    if (resolved.scenarios === 'byDefault' && patched(FIT_SCENARIOS))
      await build.fitScenarios.executeWithOptions({ summary: 'what can the image run?' }, [{ run }]);
  }

  /** Measures the part once on each side, in the given order. @throws SideUnavailable */
  async take(
    { kind, first }: Pick<Taken, 'kind' | 'first'>,
    { base, head }: { readonly base: RunRef; readonly head: RunRef },
    suspect: Suspect,
  ): Promise<Taken> {
    const order: readonly Side[] = kind === 'rerun' ? ['head'] : first === 'base' ? ['base', 'head'] : ['head', 'base'];
    this.#samples += 1;
    const sample = this.#samples;
    for (const side of order) {
      try {
        await this.#measure(side === 'base' ? base : head, suspect, sample);
      } catch (error) {
        if (isCancellation(error)) throw error;
        throw new SideUnavailable(side, problemOf(error));
      }
    }
    return { kind, first, sample };
  }

  /** Takes down everything of every side that is open, also after a cancel. @param only this side and its samples */
  async close(cancelled: boolean, only?: RunRef): Promise<void> {
    const isMeant = ({ runId }: RunRef) =>
      only === undefined || runId === only.runId || runId.startsWith(`${only.runId}-`);
    await CancellationScope.nonCancellable(async () => {
      const closing = this.#opened.filter(isMeant).toReversed();
      this.#opened = this.#opened.filter((run) => !isMeant(run));
      // The reaper finds what cannot be removed now by its labels.
      for (const run of closing) {
        await this.#host.cleanUp.closeSide
          .executeWithOptions({ summary: 'take down a side' }, [{ run, cancelled }])
          .catch(() => undefined);
      }
    });
  }

  async #measure(side: RunRef, suspect: Suspect, sample: number): Promise<void> {
    if (suspect.phase === 'test') {
      const spec = { scenarioId: suspect.scenario, trial: sample, kind: 'measured' as const };
      await runTrialWithRetries(this.#host, { run: side, spec, title: `${suspect.scenario} of ${nameOf(side)}` });
      return;
    }
    if (suspect.phase === 'build') return this.#build(side, suspect.mode, sample);
    const run = sampleOf(side, sample);
    await this.adopt(run, side);
    await this.#host.startup.startServices.executeWithOptions({ summary: `start services of ${nameOf(side)}` }, [
      { run },
    ]);
  }

  /** If a build uses layers of an earlier one, that one runs first and is not counted. */
  async #build(side: RunRef, mode: BuildMode, sample: number): Promise<void> {
    if (mode !== 'cold' && !this.#primed.has(side.runId)) {
      this.#primed.add(side.runId);
      this.#samples += 1;
      await this.#buildOnce(side, 'warm', this.#samples + PRIMING);
    }
    await this.#buildOnce(side, mode, sample);
  }

  async #buildOnce(side: RunRef, mode: BuildMode, sample: number): Promise<void> {
    const run = sampleOf(side, sample);
    await this.adopt(run, side, [mode]);
    const summary = `docker build of ${nameOf(side)}, ${mode}`;
    await this.#host.build.buildImages.executeWithOptions({ summary }, [{ run, mode }]);
  }
}

/** Builds that are not counted have other numbers than samples. */
const PRIMING = 1_000;

function nameOf({ runId }: RunRef): string {
  return runId.slice(runId.lastIndexOf('.') + 1);
}
