/** `paceline doctor`: checks whether this machine can run a benchmark, and what to do about missing parts. */
import { Command } from 'commander';
import { type Check, checkMachine } from '../../checks/index.ts';
import { createEngine } from '../../docker/engine/dockerode-engine.ts';
import { resolveEndpoint } from '../../docker/command/endpoint.ts';
import { PacelineError } from '../../model/failure.ts';
import { setUpHints } from '../../set-up-hints.ts';
import { connect, temporalTarget } from '../../temporal-client/connect.ts';
import { findTemporalBinary } from '../../temporal/binary.ts';
import { dataDirectoryOf } from '../data-directory.ts';
import type { Io } from '../io.ts';
import { withDataDirectory } from '../options.ts';
import type { Ending } from '../ending.ts';

type Row = Pick<Check, 'name' | 'state' | 'what' | 'next'>;

const UNFIT = 2;
const SIGNS = { ok: '✅', warning: '⚠️ ', missing: '❌' } as const;

export function doctorCommand(io: Io, ending: Ending): Command {
  const command = new Command('doctor');
  return withDataDirectory(command).action(async (flags: { readonly dataDir?: string }) => {
    const rows = [...(await machineRows(flags, io)), await temporalRow(io)];
    for (const row of rows) io.out(describe(row));
    ending.ends(rows.some(({ state }) => state === 'missing') ? UNFIT : 0);
  });
}

async function machineRows(flags: { readonly dataDir?: string }, io: Io): Promise<readonly Row[]> {
  const { env } = io;
  const { docker } = setUpHints(env);
  try {
    const endpoint = await resolveEndpoint({ env, ...(docker === null ? {} : { dockerBinary: docker }) });
    const dataDirectory = dataDirectoryOf(flags.dataDir, io);
    return await checkMachine({ endpoint, engine: createEngine(endpoint), dataDirectory, env });
  } catch (error) {
    return [rowOf('Engine', error)];
  }
}

async function temporalRow({ env }: Io): Promise<Row> {
  try {
    const target = temporalTarget(env);
    if (target.kind === 'embedded') return found(`embedded server, started with ${findTemporalBinary(env)}`);
    const client = await connect(target);
    await client.connection.close();
    return found(`${target.address}, namespace ${target.namespace}`);
  } catch (error) {
    return rowOf('Temporal', error);
  }
}

function found(what: string): Row {
  return { name: 'Temporal', state: 'ok', what, next: null };
}

function rowOf(name: string, error: unknown): Row {
  if (!(error instanceof PacelineError)) throw error;
  const { what, next, detail } = error.problem;
  return { name, state: 'missing', what: detail === undefined ? what : `${what}\n${detail}`, next };
}

function describe({ name, state, what, next }: Row): string {
  const indented = (text: string) => text.trimEnd().replaceAll('\n', `\n${' '.repeat(14)}`);
  const remedy = next === null ? '' : `${' '.repeat(14)}${indented(next)}\n`;
  return `${SIGNS[state]} ${name.padEnd(11)}${indented(what)}\n${remedy}`;
}
