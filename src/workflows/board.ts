/** The board: what the run is doing, for the `progress` query, the UI's current details, the memo and search attributes. */
import {
  defineQuery,
  log,
  setCurrentDetails,
  setHandler,
  upsertMemo,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { ResolvedRun } from '../model/activities.ts';
import { PROGRESS_QUERY, type Progress, type Step } from '../model/progress.ts';
import type { RunResult } from '../model/result.ts';
import type { SourceFacts } from '../model/run.ts';
import { SEARCH_ATTRIBUTES, type SearchAttributeName } from '../model/search-attributes.ts';
import { renderCurrentDetails } from '../report/live/current-details.ts';

export const progressQuery = defineQuery<Progress>(PROGRESS_QUERY);

type StepEnd = Pick<Step, 'seconds' | 'verdict' | 'note'>;

export class Board {
  #progress: Progress = { project: null, commit: null, steps: [], notes: [], result: null };
  readonly #known = new Set<string>();

  constructor() {
    setHandler(progressQuery, () => this.#progress);
  }

  get notes(): readonly string[] {
    return this.#progress.notes;
  }

  get stepCount(): number {
    return this.#progress.steps.length;
  }

  note(...notes: readonly string[]): void {
    this.#set({ notes: [...this.#progress.notes, ...notes] });
  }

  /** Links the run's page, if its host serves one. The address comes from the claim, so that it is in the history. */
  pagesAt(pagesUrl: string | null | undefined): void {
    if (pagesUrl == null) return;
    this.#set({ page: `${pagesUrl}/workflows/${encodeURIComponent(workflowInfo().workflowId)}` });
  }

  /** Which search attributes may be set: another one would block the workflow task forever. */
  attributesKnown(names: readonly string[]): void {
    for (const name of names) this.#known.add(name);
    const missing = Object.keys(SEARCH_ATTRIBUTES).filter((name) => !this.#known.has(name));
    if (missing.length === 0) return;
    log.warn(
      "The server lacks Paceline's search attributes, so runs cannot be found by them. `paceline up` registers them.",
      {
        missing,
      },
    );
  }

  sourceIs(source: SourceFacts): void {
    this.#set({ commit: source.commit });
    this.#attributes({ PacelineCommit: source.commit, PacelineBranch: source.branch });
  }

  planIs(resolved: ResolvedRun, steps: readonly Step[]): void {
    const known = new Set(this.#progress.steps.map((step) => step.id));
    this.#set({
      project: resolved.plan.project,
      steps: [...this.#progress.steps, ...steps.filter((step) => !known.has(step.id))],
    });
    this.#attributes({ PacelineProject: resolved.plan.project });
  }

  /** Shows a step as running while the work runs, and its end in the words of `describe`. A failure ends it as an error. */
  async step<T>(step: Pick<Step, 'id' | 'title'>, work: () => Promise<T>, describe: (value: T) => StepEnd): Promise<T> {
    this.#change({ ...pendingStep(step.id, step.title), state: 'running', startedAtMs: Date.now() });
    try {
      const value = await work();
      this.#change({ id: step.id, state: 'done', ...describe(value) });
      return value;
    } catch (error) {
      this.#change({ id: step.id, state: 'done', seconds: null, verdict: 'error', note: null });
      throw error;
    }
  }

  resultIs(result: RunResult, folder: string | null): void {
    this.#set({ result });
    this.#attributes({
      PacelineVerdict: result.verdict,
      PacelineTotalSeconds: result.phases.total.seconds,
      PacelineAlerts: result.alerts.length,
    });
    upsertMemo({ verdict: result.verdict, summary: result.summary, ...(folder === null ? {} : { folder }) });
  }

  #change(step: Partial<Step> & Pick<Step, 'id'>): void {
    const { steps } = this.#progress;
    const found = steps.find(({ id }) => id === step.id);
    if (found === undefined) {
      this.#set({ steps: [...steps, { ...pendingStep(step.id, step.id), ...step }] });
      return;
    }
    const targetSeconds = step.targetSeconds ?? found.targetSeconds;
    this.#set({ steps: steps.map((old) => (old === found ? { ...old, ...step, targetSeconds } : old)) });
  }

  #set(change: Partial<Progress>): void {
    this.#progress = { ...this.#progress, ...change };
    setCurrentDetails(renderCurrentDetails(this.#progress));
  }

  #attributes(values: Partial<Record<SearchAttributeName, string | number | null>>): void {
    const pairs = Object.entries(values)
      .filter(([name, value]) => this.#known.has(name) && value !== null)
      .map(([name, value]) => attribute(name as SearchAttributeName, value as string | number));
    if (pairs.length > 0) upsertSearchAttributes(pairs);
  }
}

export function pendingStep(id: string, title: string, targetSeconds: number | null = null): Step {
  return { id, title, state: 'pending', startedAtMs: null, targetSeconds, seconds: null, verdict: null, note: null };
}

const KEYS = {
  Keyword: (name: string, value: string | number) => ({
    key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD),
    value: String(value),
  }),
  Double: (name: string, value: string | number) => ({
    key: defineSearchAttributeKey(name, SearchAttributeType.DOUBLE),
    value: Number(value),
  }),
  Int: (name: string, value: string | number) => ({
    key: defineSearchAttributeKey(name, SearchAttributeType.INT),
    value: Number(value),
  }),
} as const;

function attribute(name: SearchAttributeName, value: string | number) {
  return KEYS[SEARCH_ATTRIBUTES[name]](name, value);
}
