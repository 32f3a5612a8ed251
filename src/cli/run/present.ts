/** Shows a finished run: the summary on the screen, and the files. */
import { existsSync } from 'node:fs';
import { appendFile, copyFile, cp, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { factsIn } from '../../activities/support/stored-facts.ts';
import { runFolder } from '../../data/directory.ts';
import type { RunResult } from '../../model/result.ts';
import { runFiles } from '../../report/files.ts';
import { annotations } from '../../report/formats/github.ts';
import { renderJson } from '../../report/formats/json.ts';
import { renderStepSummary } from '../../report/formats/markdown.ts';
import { renderSeedReason, renderSeedResults, seedSeconds } from '../../report/formats/legacy-script.ts';
import { filesOfFormats, type RunFormat } from '../../report/formats/run-formats.ts';
import { renderSummary } from '../../report/formats/terminal-summary.ts';
import { renderResult } from '../../report/formats/terminal.ts';
import type { Io } from '../io.ts';
import { namePage } from '../name-page.ts';
import { writeInto } from '../output-folder.ts';

export interface PresentOptions {
  readonly json: boolean;
  /** The whole report on the screen, in place of the summary. */
  readonly verbose: boolean;
  readonly legacyOutput: boolean;
  readonly dataDirectory: string;
  readonly outputDirectory: string | null;
  /** Each is a file of the output directory. */
  readonly formats?: readonly RunFormat[];
  /** Whether the server keeps running after this command, so that its UI still shows the run. */
  readonly serverStays: boolean;
}

export async function present(result: RunResult, io: Io, options: PresentOptions): Promise<void> {
  const folder = await existingFolder(runFolder(options.dataDirectory, result.runId));
  if (options.outputDirectory !== null)
    await keepResult(result, folder, options.outputDirectory, options.formats ?? []);
  if (options.json) io.out(renderJson(result));
  else if (options.legacyOutput) io.out(renderSeedResults(seedSeconds(result)));
  else {
    const render = options.verbose ? renderResult : renderSummary;
    io.out(`\n${render(result, { color: io.stdout.color, width: io.stdout.width() })}`);
  }
  if (options.legacyOutput) io.err(renderSeedReason(result));
  else await tellGithub(result, io, options.json);
  if (!options.serverStays) io.err('To look at this run again in the Temporal UI: npx --no-install paceline up\n');
  const files = options.outputDirectory ?? folder;
  if (files !== null) await namePage(files, 'report.html', io);
}

/** Makes the report's files from the result: the run's directory may be on another host. */
export async function keepResult(
  result: RunResult,
  folder: string | null,
  outputDirectory: string,
  formats: readonly RunFormat[] = [],
): Promise<void> {
  const facts = folder === null ? null : await factsIn(folder);
  const files = { ...(await runFiles(result, { facts, trends: [] })), ...filesOfFormats(result, formats) };
  await writeInto(outputDirectory, files);
  for (const name of folder === null ? [] : COPIED) {
    const file = join(folder!, name);
    if (existsSync(file)) await copyFile(file, join(outputDirectory, name));
  }
  const trials = folder === null ? null : await existingFolder(join(folder, 'trials'));
  if (trials !== null) await cp(trials, join(outputDirectory, 'trials'), { recursive: true, preserveTimestamps: true });
}

/** The page that the run itself wrote knows the runs before it. */
const COPIED = ['facts.json', 'report.html'];

async function tellGithub(result: RunResult, io: Io, json: boolean): Promise<void> {
  const { GITHUB_ACTIONS: actions, GITHUB_STEP_SUMMARY: summaryFile } = io.env;
  if (actions !== 'true') return;
  const write = json ? io.err : io.out;
  for (const line of annotations(result)) write(`${line}\n`);
  if (summaryFile) await appendFile(summaryFile, renderStepSummary(result));
}

async function existingFolder(path: string): Promise<string | null> {
  return stat(path).then(
    (found) => (found.isDirectory() ? path : null),
    () => null,
  );
}
