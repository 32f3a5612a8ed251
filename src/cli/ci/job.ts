/** What a CI job works on: the change or branch, the project, its history, and the task that follows from them. */
import { readFile, realpath } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { baseOfChange, commitBefore, headCommit, topOfRepository } from '../../data/git/ci-repository.ts';
import type { ComparedPhase } from '../../model/comparison.ts';
import { wrongUsage } from '../../model/failure.ts';
import { applyOverrides } from '../../plan/overrides.ts';
import { parsePlanInput } from '../../plan/parse.ts';
import { resolvePlan } from '../../plan/resolve.ts';
import { inWritableStore } from '../history/open.ts';
import type { Io } from '../io.ts';
import { readProjectPlan } from '../project-plan.ts';
import { readRequest, type RunRequest } from '../run/request.ts';
import { idPart } from '../run/workflow-id.ts';
import { hardwareOf, hardwareWords, hasBaseline } from './baseline.ts';
import { decideTask, type Mode, type Task } from './decide.ts';
import { type CiEvent, readEvent } from './event.ts';
import { acceptAlerts, HISTORY_BRANCH, type HistoryPlace, loadHistory } from './history.ts';

export interface CiFlags {
  readonly project: string;
  /** One a line. */
  readonly scenario?: string;
  readonly plan?: string;
  readonly mode: Mode;
  readonly history: 'cache' | 'branch' | 'none';
  readonly historyDir?: string;
  readonly failOn?: string;
  /** Minutes. */
  readonly budget: number;
  readonly accept?: string;
  readonly output?: string;
  readonly dataDir?: string;
  readonly port?: number;
  readonly uiPort?: number;
}

export interface Job {
  readonly event: CiEvent;
  readonly task: Task;
  readonly request: RunRequest & { readonly outputDirectory: string };
  readonly hardware: string;
  readonly history: HistoryPlace;
  /** null outside git. */
  readonly headCommit: string | null;
  /** What a comparison measures: the builds of the plan, start-up and tests. */
  readonly phases: readonly ComparedPhase[];
  /** The project's folder in its repository; '' is the top. */
  readonly folder: string;
}

/** @throws PacelineError of everything that is checked before a run */
export async function prepareJob(flags: CiFlags, io: Io): Promise<Job> {
  const event = await readEvent(io.env);
  const directory = resolve(io.cwd, flags.project || '.');
  const top = await topOfRepository(directory);
  const head = top === null ? null : await headCommit(top);
  const { request, phases } = await requestOf(flags, directory, head, io);
  const history = historyPlace(flags, top, io);
  const hardware = await hardwareOf(io.env);
  const base = top === null ? null : await baseOf(top, event, flags.mode);
  const accept = event.kind === 'default' ? flags.accept : undefined;
  const isKnown = await withHistory(request, { history, hardware, accept }, io);
  const task = decideTask(flags.mode, event, {
    base: base?.kind === 'commit' ? base.commit : null,
    whyNoBase: base === null ? 'The project is not in a git repository.' : base.kind === 'unknown' ? base.why : '',
    hasBaseline: isKnown,
    hardware: hardwareWords(hardware),
  });
  const folder = top === null ? '' : relative(top, await realpath(directory));
  return { event, task, request, hardware: hardwareWords(hardware), history, headCommit: head, phases, folder };
}

/** The commit is measured, not the folder: both sides of a comparison then have the same kind of files. */
async function requestOf(
  flags: CiFlags,
  directory: string,
  head: string | null,
  io: Io,
): Promise<Pick<Job, 'request' | 'phases'>> {
  const scenario = (flags.scenario ?? '').split('\n').flatMap((line) => line.trim() || []);
  const planFlags = {
    project: directory,
    ...(head === null ? {} : { ref: head }),
    ...(scenario.length === 0 ? {} : { scenario }),
    ...(flags.dataDir === undefined ? {} : { dataDir: flags.dataDir }),
  };
  const read = await readRequest(planFlags, io);
  const given = flags.plan === undefined ? null : await planOf(resolve(io.cwd, flags.plan), planFlags);
  const plan =
    given === null
      ? (await readProjectPlan(planFlags, read.source, async () => read.project)).plan
      : resolvePlan(given, { folderName: read.project });
  const { project } = plan;
  const parent = io.env['RUNNER_TEMP'] || io.cwd;
  const outputDirectory = flags.output
    ? resolve(io.cwd, flags.output)
    : resolve(parent, 'paceline-report', idPart(project));
  const request = { ...read, project, outputDirectory, ...(given === null ? {} : { plan: given }) };
  return { request, phases: [...plan.build.modes.map((mode) => `build.${mode}` as const), 'startup', 'test'] };
}

async function planOf(file: string, flags: Parameters<typeof applyOverrides>[1]) {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text !== null) return applyOverrides(parsePlanInput(text, { file }), flags);
  throw wrongUsage(`There is no plan ${file}.`, 'Specify a file with --plan, relative to the repository.');
}

function historyPlace({ history, historyDir }: CiFlags, top: string | null, io: Io): HistoryPlace {
  if (history === 'none' || io.env['PACELINE_STORE']) return { kind: 'none' };
  if (history === 'branch') {
    if (top !== null) return { kind: 'branch', top, branch: HISTORY_BRANCH };
    throw wrongUsage('`history: branch` needs a git repository.', 'Use `history: cache` or `history: none`.');
  }
  if (historyDir === undefined)
    throw wrongUsage('`history: cache` needs a directory.', 'Specify it with --history-dir.');
  return { kind: 'file', path: resolve(io.cwd, historyDir) };
}

async function baseOf(top: string, event: CiEvent, mode: Mode) {
  if (event.kind === 'change') return baseOfChange(top, event);
  const before = mode === 'compare' ? await commitBefore(top) : null;
  if (before !== null) return { kind: 'commit', commit: before } as const;
  return { kind: 'unknown', why: 'This commit has no parent that can be fetched.' } as const;
}

interface Earlier {
  readonly history: HistoryPlace;
  readonly hardware: Parameters<typeof hasBaseline>[2];
  readonly accept: string | undefined;
}

/** Reads the history into the store. @returns whether there is a baseline of this hardware */
async function withHistory(
  { project, dataDirectory }: RunRequest,
  { history, hardware, accept }: Earlier,
  io: Io,
): Promise<boolean> {
  return inWritableStore({ dataDir: dataDirectory }, io, async (store) => {
    const line = await loadHistory(store, history, project);
    if (line !== null) io.err(`${line}\n`);
    if (accept !== undefined) {
      const accepted = await acceptAlerts(store, project, { id: accept, by: io.env['GITHUB_ACTOR'] ?? 'a CI job' });
      io.err(`Accepted alerts of ${project}: ${accepted.join(', ') || 'none is open'}.\n`);
    }
    return hasBaseline(store, project, hardware);
  });
}
