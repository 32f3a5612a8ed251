/**
 * The benchmark workflow: claims a host, prepares the project there, measures build, start-up and trials, then has the
 * result judged and published. It only sets the order. Every decision about data is made in an activity, so that it is
 * in the history.
 */
import { CancellationScope, CancelledFailure, patched, workflowInfo } from '@temporalio/workflow';
import type { BenchmarkInput, ResolvedRun } from '../model/activities.ts';
import type { Problem } from '../model/failure.ts';
import type { RegressionAlert } from '../model/regression.ts';
import type { RunResult } from '../model/result.ts';
import type { RunRef } from '../model/run.ts';
import { Board } from './board.ts';
import { confirmSuspicions } from './confirm-suspicions.ts';
import { claimHost, type Host, watched } from './host.ts';
import { readInput } from './input.ts';
import { failureOf, problemOf } from './problems.ts';
import { describeBuild, describeStartup, FITTING, scenariosNote, stepsOf } from './steps.ts';
import { notifyReceivers } from './notify-receivers.ts';
import { FIT_SCENARIOS, NOTIFY_RECEIVERS } from './versions.ts';
import { runTrials } from './trials.ts';

export async function benchmark(given: BenchmarkInput): Promise<RunResult> {
  const read = readInput(given);
  if (read.kind === 'wrong') throw failureOf(read.problem);
  const { input } = read;
  const info = workflowInfo();
  const run: RunRef = { workflowId: info.workflowId, runId: info.runId };
  const startedAt = info.startTime.toISOString();
  const board = new Board();
  const deadHosts: string[] = [];

  for (;;) {
    const host = await claimHost({ source: input.source, exclude: deadHosts });
    board.attributesKnown(host.claim.searchAttributes);
    board.pagesAt(host.claim.pagesUrl);
    const outcome = await benchmarkOn(host, { run, startedAt, input, board });
    if (outcome !== 'dead') return outcome;
    deadHosts.push(host.claim.hostId);
    board.note(`Host ${host.claim.hostId} stopped answering; the run was restarted on another host.`);
  }
}

interface Benchmark {
  readonly run: RunRef;
  readonly startedAt: string;
  readonly input: BenchmarkInput;
  readonly board: Board;
}

/** The whole run on one host. An early end becomes part of the result, because every run has one. */
async function benchmarkOn(host: Host, benchmark: Benchmark): Promise<RunResult | 'dead'> {
  const asked = CancellationScope.current();
  const problems: Problem[] = [];
  let decided: readonly RegressionAlert[] = [];
  let opened = false;
  try {
    const end = await watched(host, movable(benchmark.input), async () => {
      await openRun(host, benchmark);
      opened = true;
      await measure(host, benchmark);
      // Runs from before there were suspicions replay without them.
      if (patched('confirm')) decided = await confirmSuspicions(host, benchmark);
    });
    if (end === 'dead') return 'dead';
  } catch (error) {
    // After a cancel an activity may also end in another way: if its worker was killed meanwhile, it times out.
    if (!asked.consideredCancelled) problems.push(problemOf(error));
  }
  const cancelled = asked.consideredCancelled;
  const result = await CancellationScope.nonCancellable(async () => {
    if (!opened) await openRun(host, benchmark);
    return conclude(host, benchmark, { problems, decided, cancelled });
  }).catch((error: unknown) => {
    throw failureOf(problemOf(error));
  });
  if (cancelled) throw new CancelledFailure('The run was cancelled.');
  // The UI shows a result's first lines.
  const { verdict, summary, ...rest } = result;
  return { verdict, summary, ...rest };
}

/** Makes the run known to the store. Its row is what is judged. Doing it again is harmless. */
async function openRun(host: Host, { run, startedAt, input }: Benchmark): Promise<void> {
  await host.control.openRun({ run, source: input.source, startedAt });
}

async function measure(host: Host, { run, input, board }: Benchmark): Promise<void> {
  const { control } = host;
  const resolved = await board.step(
    { id: 'prepare', title: 'Prepare' },
    async () => {
      await control.reap.executeWithOptions({ summary: 'take down what closed runs left' }, [{ run }]);
      const warnings = await control.preflight.executeWithOptions({ summary: 'is the host fit, clean and quiet?' }, [
        { run },
      ]);
      board.note(...warnings);
      const source = await control.prepareSource.executeWithOptions({ summary: 'a copy to work in' }, [
        { run, source: input.source },
      ]);
      board.sourceIs(source);
      return control.resolvePlan.executeWithOptions({ summary: 'the plan, complete' }, [
        { run, ...(input.plan === undefined ? {} : { plan: input.plan }) },
      ]);
    },
    (resolved) => ({ seconds: null, verdict: null, note: scenariosNote(resolved) }),
  );
  const fitting = resolved.scenarios === 'byDefault' && patched(FIT_SCENARIOS);
  board.planIs(resolved, stepsOf(resolved, { fitting }));
  await buildImages(host, run, resolved, board);
  const fitted = fitting ? await fitScenarios(host, run, board) : resolved;
  await startServices(host, run, fitted, board);
  await runTrials(host, run, fitted, board);
}

/** The image shows which default scenarios can run, once it is built. */
async function fitScenarios(host: Host, run: RunRef, board: Board): Promise<ResolvedRun> {
  const fitted = await board.step(
    FITTING,
    () => host.build.fitScenarios.executeWithOptions({ summary: 'what can the image run?' }, [{ run }]),
    (fitted) => ({ seconds: null, verdict: null, note: scenariosNote(fitted) }),
  );
  board.planIs(fitted, stepsOf(fitted));
  return fitted;
}

async function buildImages(host: Host, run: RunRef, resolved: ResolvedRun, board: Board): Promise<void> {
  if (!resolved.builds) return;
  for (const mode of resolved.plan.build.modes) {
    await board.step(
      { id: `build:${mode}`, title: `Build (${mode})` },
      () => host.build.buildImages.executeWithOptions({ summary: `docker build, ${mode}` }, [{ run, mode }]),
      (facts) => describeBuild(facts, resolved.plan),
    );
  }
}

async function startServices(host: Host, run: RunRef, resolved: ResolvedRun, board: Board): Promise<void> {
  if (resolved.services.length === 0) return;
  await board.step(
    { id: 'startup', title: 'Start services' },
    () =>
      host.startup.startServices.executeWithOptions({ summary: `start ${resolved.services.join(', ')}` }, [{ run }]),
    (facts) => describeStartup(facts, resolved.plan),
  );
}

interface Ending {
  readonly problems: readonly Problem[];
  readonly decided: readonly RegressionAlert[];
  readonly cancelled: boolean;
}

/** Cleans up, judges what was measured, and publishes it: also after a failure and after a cancel. */
async function conclude(
  host: Host,
  { run, board }: Benchmark,
  { problems, decided, cancelled }: Ending,
): Promise<RunResult> {
  const { cleanUp, control } = host;
  await cleanUp.cleanUpRun
    .executeWithOptions({ summary: 'take down what is still there' }, [{ run }])
    .catch((error) => {
      board.note(`Some objects could not be removed (${problemOf(error).what}). The next run removes them.`);
    });
  return board.step(
    { id: 'analysis', title: 'Analysis' },
    async () => {
      const judged = await control.analyze.executeWithOptions({ summary: 'judge what was measured' }, [
        { run, problems, notes: board.notes, cancelled, decided },
      ]);
      const folder = await control.publish.executeWithOptions({ summary: 'write the report' }, [{ run }]);
      if (cancelled || !patched(NOTIFY_RECEIVERS)) {
        board.resultIs(judged, folder);
        return judged;
      }
      const notes = await notifyReceivers(host, run);
      if (notes.length > 0) {
        await control.publish.executeWithOptions({ summary: 'add who was not notified' }, [{ run, notes }]);
      }
      const noted = notes.length === 0 ? judged : { ...judged, notes: [...judged.notes, ...notes] };
      board.resultIs(noted, folder);
      return noted;
    },
    (judged) => ({ seconds: null, verdict: null, note: judged.verdict }),
  );
}

/** A path is on one host: if that host dies, the run waits for it to come back. Another host can fetch a git URL. */
function movable({ source }: BenchmarkInput): boolean {
  return 'git' in source;
}
