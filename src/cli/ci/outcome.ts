/** Puts together what a job found, and writes its files. */
import { join } from 'node:path';
import { bestRemedyOf, movedInComparison, movedInRun, otherParts } from '../../analysis/moved-figures.ts';
import { runFolder } from '../../data/directory.ts';
import { CI_OUTCOME_VERSION, type CiOutcome } from '../../model/ci-outcome.ts';
import type { CompareVerdict } from '../../model/comparison.ts';
import type { Verdict } from '../../model/result.ts';
import { renderComparison, renderComparisonMarkdown } from '../../report/comparison.ts';
import { comparisonFiles } from '../../report/files.ts';
import { renderStepSummary } from '../../report/formats/markdown.ts';
import { renderResult } from '../../report/formats/terminal.ts';
import type { Io } from '../io.ts';
import { writeFiles, writeInto } from '../output-folder.ts';
import { keepResult } from '../run/present.ts';
import { type CiVerdict, failingVerdicts, worseVerdict } from './decide.ts';
import type { CiFlags, Job } from './job.ts';
import type { Measured } from './measure.ts';

const AS_RUN: Readonly<Record<CompareVerdict, Verdict>> = {
  cancelled: 'cancelled',
  error: 'error',
  regressed: 'regressed',
  inconclusive: 'inconclusive',
  improved: 'pass',
  noChange: 'pass',
};

export function outcomeOf(job: Job, { run, comparison, comparedInPairs }: Measured, flags: CiFlags, io: Io): CiOutcome {
  const { task, event, request, folder, hardware, headCommit } = job;
  const compared: CiVerdict = comparison === null ? 'pass' : AS_RUN[comparison.verdict];
  const verdict = worseVerdict(run?.result.verdict ?? 'pass', compared);
  const decides = run === null || (comparison !== null && verdict !== run.result.verdict) ? comparison : run.result;
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = io.env;
  const place = (name: string) => join(request.outputDirectory, name);
  return {
    ciVersion: CI_OUTCOME_VERSION,
    project: run?.result.project ?? request.project,
    verdict,
    fails: failingVerdicts(flags.failOn ?? '', event).includes(verdict),
    summary: decides?.summary ?? '',
    task: task.kind,
    hardware,
    pullRequest: event.kind === 'change' ? event.pullRequest : null,
    repository: repository || null,
    headCommit,
    baseCommit: 'base' in task ? task.base : null,
    totalSeconds: run?.result.phases.total.seconds ?? null,
    moved: [
      ...(run === null ? [] : movedInRun(run.alerts, run.result, folder)),
      ...(comparison === null ? [] : movedInComparison(comparison, folder)),
    ],
    ...(comparison === null ? { unchanged: [], undecided: [] } : otherParts(comparison)),
    alerts: (run?.result.alerts ?? []).map(({ kind, state, metric, scenario, message }) => {
      return { kind, state, metric, scenario, message };
    }),
    bestRemedy: run === null ? null : bestRemedyOf(run.result, folder),
    errors: [...(run?.result.errors ?? []), ...(comparison?.errors ?? [])].map(({ what, next }) => ({ what, next })),
    notes: [...('why' in task ? [task.why] : []), ...(run?.result.notes ?? []), ...(comparison?.notes ?? [])],
    comparedInPairs,
    links: { job: server && repository && id ? `${server}/${repository}/actions/runs/${id}` : null },
    files: {
      report: place(run === null ? 'comparison.md' : 'report.html'),
      markdown: place(run === null ? 'comparison.md' : 'report.md'),
      result: run === null ? null : place('result.json'),
      comparison: comparison === null ? null : place('comparison.json'),
    },
  };
}

/** ci.json, and the reports that it names. */
export async function writeOutcome(outcome: CiOutcome, { request }: Job, { run, comparison }: Measured): Promise<void> {
  const folder = request.outputDirectory;
  if (run !== null) {
    await keepResult(run.result, runFolder(request.dataDirectory, run.result.runId), folder);
  }
  if (comparison !== null) {
    await writeInto(folder, await comparisonFiles(comparison));
  }
  await writeFiles({ [join(folder, 'ci.json')]: `${JSON.stringify(outcome, null, 2)}\n` });
}

export function stepSummary({ run, comparison }: Measured): string {
  return [
    run === null ? '' : renderStepSummary(run.result),
    comparison === null ? '' : renderComparisonMarkdown(comparison),
  ]
    .filter((text) => text !== '')
    .join('\n');
}

export function onScreen({ run, comparison }: Measured, io: Io): string {
  const options = { color: io.stdout.color, width: io.stdout.width() };
  return [
    run === null ? '' : `\n${renderResult(run.result, options)}`,
    comparison === null ? '' : `\n${renderComparison(comparison, options)}`,
  ].join('');
}
