/** `paceline trace RUN`: where the time of a run went, as a trace for other programs. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { spansOf } from '../../analysis/spans/spans-of.ts';
import { wrongUsage } from '../../model/failure.ts';
import { chromeTrace } from '../../report/formats/trace-chrome.ts';
import { otlpTrace } from '../../report/formats/trace-otlp.ts';
import type { Ending } from '../ending.ts';
import { inStore, storedRun, type StoreFlags } from '../history/open.ts';
import type { Io } from '../io.ts';
import { withDataDirectory } from '../options.ts';
import { sendTrace, tracesEndpoint } from '../send-trace.ts';

type Flags = StoreFlags & { readonly format: 'otlp' | 'chrome'; readonly output?: string; readonly send?: boolean };

const EXAMPLES = `
Examples:
  paceline trace 01a224ea --format chrome --output trace.json   # open it in https://ui.perfetto.dev
  paceline trace 01a224ea --format otlp > trace.json            # OTLP/JSON
  OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318 paceline trace 01a224ea --send

docs/trace.md describes the spans.`;

export function traceCommand(io: Io, ending: Ending): Command {
  const command = new Command('trace')
    .argument('[run]', 'id of a run, or its first characters (default: the latest)')
    .addOption(new Option('--format <format>', 'format of the trace').choices(['otlp', 'chrome']).default('otlp'))
    .option('-o, --output <file>', 'file for the trace (default: stdout)')
    .option('--send', 'send the trace to OTEL_EXPORTER_OTLP_ENDPOINT by HTTP')
    .addHelpText('after', EXAMPLES);
  return withDataDirectory(command).action(async (id: string | undefined, flags: Flags) => {
    await trace(id, flags, io);
    ending.ends(0);
  });
}

function trace(id: string | undefined, flags: Flags, io: Io): Promise<void> {
  if (flags.send) {
    tracesEndpoint(io.env);
    if (flags.format === 'chrome') throw wrongUsage('--send sends OTLP.', 'Omit --format chrome, or --send.');
  }
  return inStore(flags, io, async (opened) => {
    const facts = await opened.store.loadFacts((await storedRun(opened, id)).run);
    const tree = spansOf(facts);
    const made = flags.format === 'chrome' ? chromeTrace(tree, facts) : otlpTrace(tree, facts);
    if (flags.output !== undefined) await write(resolve(io.cwd, flags.output), made);
    if (flags.send) {
      const url = await sendTrace(otlpTrace(tree, facts), io.env);
      io.err(`The trace of run ${facts.run.runId} was sent to ${url}.\n`);
    }
    if (flags.output === undefined && !flags.send) io.out(`${JSON.stringify(made)}\n`);
  });
}

async function write(file: string, made: object): Promise<void> {
  await writeFile(file, `${JSON.stringify(made)}\n`).catch((error: NodeJS.ErrnoException) => {
    throw wrongUsage(
      `${file} cannot be written (${error.code ?? error.message}).`,
      'Specify a file in a directory that exists.',
    );
  });
}
