/**
 * Whether a machine can run a benchmark: the pre-execution checklist of the original plan. `paceline doctor` prints it, and
 * the workflow's preflight uses it.
 */
import { hostLoad } from '../collectors/host/fingerprint.ts';
import { cpus, disk, memory } from './capacity.ts';
import type { Check, Machine, MakeCheck } from './check.ts';
import { engine } from './engine.ts';
import { leftovers } from './leftovers.ts';
import { load, settledLoad } from './load.ts';
import { network } from './network.ts';

export type { Check, Machine } from './check.ts';

const CHECKS: readonly MakeCheck[] = [engine, cpus, memory, disk, network, leftovers, load];

/**
 * Runs every check once, in the order of the list.
 * @param machine.quietSeconds maximum time to wait for a quiet machine. @default as long as a start of Paceline keeps it busy
 * @throws PacelineError if the engine stops answering; the signal's reason
 */
export async function checkMachine(
  machine: Omit<Machine, 'info' | 'load'> & { readonly quietSeconds?: number },
): Promise<readonly Check[]> {
  // The load comes first and alone: the other checks would add to it.
  const seen = {
    ...machine,
    load: await settledLoad(() => hostLoad(machine), machine),
    info: await machine.engine.info(),
  };
  const checks: Check[] = [];
  for (const check of CHECKS) {
    machine.signal?.throwIfAborted();
    checks.push(await check(seen));
  }
  return checks;
}
