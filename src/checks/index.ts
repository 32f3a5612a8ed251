/**
 * Whether a machine can run a benchmark: the seed's pre-execution checklist. `paceline doctor` prints it, and the
 * workflow's preflight acts on it.
 */
import { hostLoad } from '../collectors/host.ts';
import { cpus, disk, memory } from './capacity.ts';
import type { Check, Machine, MakeCheck } from './check.ts';
import { engine } from './engine.ts';
import { leftovers } from './leftovers.ts';
import { load } from './load.ts';
import { network } from './network.ts';

export type { Check, Machine } from './check.ts';

const CHECKS: readonly MakeCheck[] = [engine, cpus, memory, disk, network, leftovers, load];

/** Every check once, in the order of the list. @throws PacelineError when the engine stops answering meanwhile */
export async function checkMachine(machine: Omit<Machine, 'info' | 'load'>): Promise<readonly Check[]> {
  // The load first, by itself: the other checks would be the load.
  const seen = { ...machine, load: await hostLoad(machine), info: await machine.engine.info() };
  const checks: Check[] = [];
  for (const check of CHECKS) checks.push(await check(seen));
  return checks;
}
