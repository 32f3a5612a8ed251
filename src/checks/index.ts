/**
 * Whether a machine can run a benchmark: the pre-execution checklist of the original plan. `paceline doctor` prints it, and
 * the workflow's preflight uses it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type HostLoad, hostLoad } from '../collectors/host/fingerprint.ts';
import { cpus, disk, memory } from './capacity.ts';
import type { Check, Machine, MakeCheck } from './check.ts';
import { engine } from './engine.ts';
import { leftovers } from './leftovers.ts';
import { busyness, load } from './load.ts';
import { network } from './network.ts';

export type { Check, Machine } from './check.ts';

const CHECKS: readonly MakeCheck[] = [engine, cpus, memory, disk, network, leftovers, load];

/**
 * Runs every check once, in the order of the list.
 * @throws PacelineError if the engine stops answering; the signal's reason
 */
export async function checkMachine(machine: Omit<Machine, 'info' | 'load'>): Promise<readonly Check[]> {
  // The load comes first and alone: the other checks would add to it.
  const seen = { ...machine, load: await settledLoad(machine), info: await machine.engine.info() };
  const checks: Check[] = [];
  for (const check of CHECKS) {
    machine.signal?.throwIfAborted();
    checks.push(await check(seen));
  }
  return checks;
}

/** Starting Paceline keeps a small machine busy for some seconds, so a busy machine is checked again. */
const LOOKS = 4;
const BETWEEN_MS = 2_000;

async function settledLoad({ dataDirectory, signal }: Pick<Machine, 'dataDirectory' | 'signal'>): Promise<HostLoad> {
  let load = await hostLoad({ dataDirectory });
  for (let look = 1; look < LOOKS && busyness(load) !== null; look += 1) {
    await sleep(BETWEEN_MS, undefined, signal === undefined ? {} : { signal });
    load = await hostLoad({ dataDirectory });
  }
  return load;
}
