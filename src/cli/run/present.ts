/** Shows a finished run: the summary on the screen, and the files. */
import { existsSync } from 'node:fs';
import { appendFile, cp, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runFolder } from '../../data/directory.ts';
import type { RunResult } from '../../model/result.ts';
import { annotations } from '../../report/formats/github.ts';
import { renderJson } from '../../report/formats/json.ts';
import { renderMarkdown, renderStepSummary } from '../../report/formats/markdown.ts';
import { renderSeedReason, renderSeedResults, seedSeconds } from '../../report/formats/legacy-script.ts';
import { renderResult } from '../../report/formats/terminal.ts';
import type { Io } from '../io.ts';

export interface PresentOptions {
  readonly json: boolean;
  readonly legacyOutput: boolean;
  readonly dataDirectory: string;
  readonly outputDirectory: string | null;
  /** Whether the server keeps running after this command, so that its UI still shows the run. */
  readonly serverStays: boolean;
}

export async function present(result: RunResult, io: Io, options: PresentOptions): Promise<void> {
  const folder = await existingFolder(runFolder(options.dataDirectory, result.runId));
  if (options.outputDirectory !== null) await keepResult(result, folder, options.outputDirectory);
  if (options.json) io.out(renderJson(result));
  else if (options.legacyOutput) io.out(renderSeedResults(seedSeconds(result)));
  else io.out(`\n${renderResult(result, { color: io.stdout.color, width: io.stdout.width() })}`);
  if (options.legacyOutput) io.err(renderSeedReason(result));
  else await tellGithub(result, io, options.json);
  const files = options.outputDirectory ?? folder;
  if (files !== null) io.err(`Files: ${files}\n`);
  if (!options.serverStays) io.err('To look at this run again in the Temporal UI: npx --no-install paceline up\n');
}

/** Writes result.json and report.md from the result: the run's directory may be on another host. */
export async function keepResult(result: RunResult, folder: string | null, outputDirectory: string): Promise<void> {
  await mkdir(outputDirectory, { recursive: true });
  await writeFile(join(outputDirectory, 'result.json'), renderJson(result));
  await writeFile(join(outputDirectory, 'report.md'), renderMarkdown(result));
  const facts = folder === null ? null : join(folder, 'facts.json');
  if (facts !== null && existsSync(facts)) await cp(facts, join(outputDirectory, 'facts.json'));
  const trials = folder === null ? null : await existingFolder(join(folder, 'trials'));
  if (trials !== null) await cp(trials, join(outputDirectory, 'trials'), { recursive: true, preserveTimestamps: true });
}

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
