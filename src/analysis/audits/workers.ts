/** What a pytest command says of its xdist workers. The project's own addopts may add to it: what is read here is the command. */

import type { ScenarioResult } from '../../model/result.ts';

export interface Workers {
  /** null: none asked for; `auto` and `logical` are what the machine has. */
  readonly count: number | 'auto' | null;
  /** The command without the option: two scenarios that differ by workers alone have this in common. */
  readonly rest: readonly string[];
}

const OPTION = /^(?:-n|--numprocesses)(?:=?(auto|logical|\d+))?$/;

export function workersOf(command: readonly string[]): Workers {
  const rest: string[] = [];
  let count: Workers['count'] = null;
  for (let i = 0; i < command.length; i += 1) {
    const word = command[i]!;
    const match = OPTION.exec(word);
    if (match === null) {
      rest.push(word);
      continue;
    }
    const value = match[1] ?? command[(i += 1)] ?? '';
    count = /^\d+$/.test(value) ? Number(value) : 'auto';
  }
  return { count, rest };
}

/** What ran, by pytest's own profile; without a profile, what the command says. */
export function effectiveWorkers({ command, pytest }: Pick<ScenarioResult, 'command' | 'pytest'>): Workers {
  const asked = workersOf(command ?? []);
  return pytest === null ? asked : { ...asked, count: pytest.configuration.workers };
}

/** "2 workers", "1 process". `-n 0` and no option at all are both a single process. */
export function workerWords(count: Workers['count']): string {
  if (count === 'auto') return 'as many workers as CPUs';
  if (count === null || count === 0) return 'a single process';
  return count === 1 ? '1 worker' : `${count} workers`;
}
