/** `paceline advise --verify`: starts the workflow that tries the remedies of a run, and shows how they ended. */
import { stat } from 'node:fs/promises';
import { assertOutside, runFolder } from '../../data/directory.ts';
import { commitOf, worktreeDigest } from '../../data/git/ref-facts.ts';
import type { VerifyAdviceInput, VerifyAdviceResult } from '../../model/advice.ts';
import { wrongUsage } from '../../model/failure.ts';
import type { SourceFacts, SourceSpec } from '../../model/run.ts';
import { renderVerification } from '../../report/verification.ts';
import { checkDisk, checkEngine } from '../checks.ts';
import type { Ending } from '../ending.ts';
import type { Io } from '../io.ts';
import { namePage } from '../name-page.ts';
import { onHost } from '../run/start.ts';
import { watchWorkflow } from '../run/watch-workflow.ts';
import { idPart, workflowIdOf } from '../run/workflow-id.ts';
import { triable } from '../../analysis/advice/to-verify.ts';
import type { AdvisedRun } from './advised-run.ts';

export interface VerifyFlags {
  readonly verify?: true | readonly string[];
  readonly budget?: number;
  readonly json?: boolean;
  readonly port?: number;
  readonly uiPort?: number;
}

const EXIT_CODES = { ok: 0, errors: 2, cancelled: 130 } as const;

export interface ToVerify {
  readonly input: VerifyAdviceInput;
  readonly project: string;
  readonly commit: string | null;
}

/**
 * Checked completely before anything starts.
 * @param spec what the run was asked to measure
 * @throws PacelineError WrongUsage for advice that the run does not have, and where nothing of it can be tried
 */
export async function readToVerify(
  { result, facts, listing }: AdvisedRun,
  spec: SourceSpec | null,
  { verify, budget }: VerifyFlags,
): Promise<ToVerify> {
  const ids = Array.isArray(verify) ? (verify as readonly string[]) : null;
  const listed = [...listing.opportunities, ...listing.rejected, ...listing.problems];
  const wrong = ids?.find((id) => !listed.some(({ name, id: audit }) => name === id || audit === id));
  if (wrong !== undefined) {
    const names = listed.map(({ name }) => name).join(', ');
    throw wrongUsage(`Run ${result.runId} has no advice \`${wrong}\`.`, `It has: ${names || 'none'}.`);
  }
  const names = listed
    .filter(({ name, id }) => ids?.some((each) => each === name || each === id))
    .map(({ name }) => name);
  const can = triable(result.advice, facts.plan ?? { scenarios: [] }).flatMap((each) =>
    each.kind === 'remedy' && (ids === null || names.includes(each.remedy.name)) ? [each.remedy.name] : [],
  );
  if (can.length === 0) {
    throw wrongUsage(
      `No ${ids === null ? '' : 'such '}advice of run ${result.runId} can be tried: it has no patch and no plan override for a figure that is measured.`,
      '`paceline advise` shows what to change by hand.',
    );
  }
  if (spec === null) throw wrongUsage(`The source of run ${result.runId} is not known.`, 'Start a new run.');
  const source = await sourceOf(spec, facts.source);
  return {
    input: {
      source,
      ofRun: result.runId,
      ...(ids === null ? {} : { advice: names }),
      ...(budget === undefined ? {} : { budgetSeconds: budget * 60 }),
    },
    project: result.project,
    commit: facts.source?.commit ?? null,
  };
}

/** The commit that the run measured; the folder as it is where that is what the run measured, or where there is no git. */
async function sourceOf(spec: SourceSpec, facts: SourceFacts | null): Promise<SourceSpec> {
  const commit = facts?.commit ?? null;
  if ('git' in spec) return commit === null ? spec : { ...spec, ref: commit };
  const { path, ref } = spec;
  if (!(await stat(path).catch(() => null))?.isDirectory()) {
    throw wrongUsage(
      `The project's folder ${path} is no longer there.`,
      'Run `paceline run` where the project is now.',
    );
  }
  if (ref !== undefined) return { path, ref: commit ?? ref };
  if (commit === null || facts?.dirty === true) return { path };
  const isAsItWas = (await commitOf(path, null)) === commit && (await worktreeDigest(path)) === null;
  return isAsItWas ? { path } : { path, ref: commit };
}

export async function verify(
  { input, project, commit }: ToVerify,
  dataDirectory: string,
  flags: VerifyFlags,
  io: Io,
  ending: Ending,
): Promise<number> {
  if ('path' in input.source && !('git' in input.source)) assertOutside(input.source.path, dataDirectory);
  await checkDisk(dataDirectory);
  await checkEngine(io.env, null);
  const result = await watchWorkflow<VerifyAdviceResult>(
    {
      type: 'verifyAdvice',
      workflowId: workflowIdOf({ workflow: 'verifyAdvice', project, commit, nowMs: Date.now() }),
      inputOn: (worker) => ({ ...input, source: onHost(input.source, worker) }),
      memo: { project: idPart(project), ofRun: input.ofRun },
      staticSummary: `verify advice of **${project}** ${input.ofRun.slice(0, 8)}`,
    },
    { dataDirectory, ports: flags, json: flags.json ?? false, noun: 'verification', io, ending },
  );
  if (result === null) {
    io.err('What was decided before the end is stored; `paceline advise` shows it.\n');
    return EXIT_CODES.cancelled;
  }
  io.out(
    flags.json === true
      ? `${JSON.stringify(result, null, 2)}\n`
      : `\n${renderVerification(result, { color: io.stdout.color, width: io.stdout.width() })}`,
  );
  const folder = runFolder(dataDirectory, result.runId);
  await namePage(folder, 'verification.html', io);
  return result.errors.length > 0 ? EXIT_CODES.errors : EXIT_CODES.ok;
}
