/** `paceline analyze FILE`: computes the result and report of stored facts. No server or engine is needed. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { exitCode } from '../../analysis/judge/exit-code.ts';
import { parseFactsFile, resultOfFacts } from '../../analysis/facts-file.ts';
import { wrongUsage } from '../../model/failure.ts';
import type { RunResult } from '../../model/result.ts';
import type { RunFacts } from '../../model/run.ts';
import { runFiles } from '../../report/files.ts';
import { renderResult } from '../../report/formats/terminal.ts';
import { renderJson } from '../../report/formats/json.ts';
import type { Io } from '../io.ts';
import { checkOutputFolder, writeInto } from '../output-folder.ts';
import type { Ending } from '../ending.ts';

interface AnalyzeFlags {
  readonly json?: boolean;
  readonly output?: string;
  readonly strict?: boolean;
}

const EXAMPLES = `
Examples:
  paceline analyze facts.json
  paceline analyze ~/.local/share/paceline/runs/RUN/facts.json --output report
  paceline analyze facts.json --json > result.json

The exit code is that of the run: 0 pass, 1 target missed, regressed or tests failed, 2 error or wrong usage, 130 cancelled.`;

export function analyzeCommand(io: Io, ending: Ending): Command {
  return new Command('analyze')
    .argument('<file>', 'facts.json from the directory of a run, or from its --output')
    .option('--json', 'result as JSON on stdout')
    .option('-o, --output <dir>', 'directory for result.json, report.md and report.html')
    .option('--strict', 'exit code 1 if the verdict is inconclusive')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, flags: AnalyzeFlags) => {
      const facts = parseFactsFile(await textOf(file, io), file);
      const result = resultOfFacts(facts, file);
      await show(result, facts.facts, flags, io);
      ending.ends(exitCode(result.verdict, { strict: flags.strict ?? false }));
    });
}

async function textOf(file: string, io: Io): Promise<string> {
  return readFile(resolve(io.cwd, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw wrongUsage(
      error.code === 'ENOENT'
        ? `There is no file ${file}.`
        : `${file} cannot be read (${error.code ?? error.message}).`,
      'Specify the path of a facts.json: it is in the folder of a run, and in the folder of its --output.',
    );
  });
}

async function show(result: RunResult, facts: RunFacts, { json, output }: AnalyzeFlags, io: Io): Promise<void> {
  if (output !== undefined) {
    const folder = resolve(io.cwd, output);
    await checkOutputFolder(folder);
    await writeInto(folder, await runFiles(result, { facts, trends: [] }));
    io.err(`Files: ${folder}\n`);
  }
  io.out(
    json === true ? renderJson(result) : renderResult(result, { color: io.stdout.color, width: io.stdout.width() }),
  );
}
