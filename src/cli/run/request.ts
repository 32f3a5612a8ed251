/** What to run, checked completely before anything starts: a mistake found here leaves nothing behind. */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { assertOutside } from '../../data/directory.ts';
import { worktreeDigest } from '../../data/git/ref-facts.ts';
import type { SourceSpec } from '../../model/run.ts';
import { storeLocation } from '../../store/location.ts';
import { checkDisk, checkProject, filesAreHere } from '../checks.ts';
import { dataDirectoryOf } from '../data-directory.ts';
import type { Io } from '../io.ts';
import type { SourceFlags } from '../options.ts';
import { checkOutputFolder } from '../output-folder.ts';
import { overridesPlan, readProjectPlan } from '../project-plan.ts';
import { readSource } from '../source.ts';

export interface RunRequest {
  readonly source: SourceSpec;
  /** Only set if options change the project's plan. Otherwise the plan file at the commit is used. */
  readonly plan: unknown;
  readonly project: string;
  readonly commit: string | null;
  /** Equal for runs of the same source, plan and commit. A second `paceline run` attaches by it. */
  readonly identity: string;
  readonly dataDirectory: string;
  /** null: write no files outside the data directory. */
  readonly outputDirectory: string | null;
  /** Maximum time to confirm what looks slower. Without it the workflow's own limit counts. */
  readonly confirmSeconds?: number;
}

export interface RequestFlags extends SourceFlags {
  readonly dataDir?: string;
  readonly output?: string;
}

/** @throws PacelineError WrongUsage, EngineUnavailable, EngineUnfit, DiskFull */
export async function readRequest(flags: RequestFlags, io: Io): Promise<RunRequest> {
  const read = await readSource(flags, io);
  const { source, project, commit } = read;
  // The plan of a repository elsewhere is read where it is fetched, unless flags change it.
  const known =
    !('git' in source) || overridesPlan(flags) ? await readProjectPlan(flags, source, async () => project.name) : null;
  const dataDirectory = dataDirectoryOf(flags.dataDir, io);
  if (project.directory !== null) assertOutside(project.directory, dataDirectory);
  const outputDirectory = flags.output === undefined ? null : await checkOutputFolder(resolve(io.cwd, flags.output));
  storeLocation({ dataDirectory, url: io.env['PACELINE_STORE'] });
  await checkDisk(dataDirectory);
  await checkProject(io.env, source, known?.plan ?? null);
  // Uncommitted states of one commit are different projects.
  const worktree = filesAreHere(source) ? await worktreeDigest(source.path) : null;
  return {
    source,
    plan: known?.overridden ? known.input : undefined,
    project: known?.plan.project ?? project.name,
    commit,
    identity: digest({ source, plan: known?.plan ?? null, commit, worktree }),
    dataDirectory,
    outputDirectory,
  };
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);
}
