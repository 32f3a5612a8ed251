/** Approved results of whole runs, and the same with other names. */
import { readdirSync, readFileSync } from 'node:fs';
import type { RunResult } from '../../../../src/model/result.ts';

const GOLDEN = new URL('../../../golden/', import.meta.url);

export const CASES = readdirSync(GOLDEN);

export function goldenResult(name: string): RunResult {
  return JSON.parse(readFileSync(new URL(`${name}/result.json`, GOLDEN), 'utf8')) as RunResult;
}

/** The run with a name in the place of the project's and of each scenario's. */
export function renamed(result: RunResult, name: string): RunResult {
  const order = new Map(result.scenarios.map((scenario, index) => [scenario.name, `${name}${index}`]));
  const other = <T extends { readonly scenario: string | null }>(each: T): T => ({
    ...each,
    scenario: each.scenario === null ? null : (order.get(each.scenario) ?? each.scenario),
  });
  return {
    ...result,
    project: name,
    scenarios: result.scenarios.map((scenario) => ({ ...scenario, name: order.get(scenario.name)! })),
    metrics: result.metrics.map(other),
    alerts: result.alerts.map((alert) => ({ ...other(alert), message: `${name}: ${alert.message}` })),
  };
}

/** What breaks out of something. */
export const HOSTILE_NAMES = [
  'a "b" \\ \'c\'',
  'a\nb\r\nc\u2028d\u0085e',
  '<script>alert(1)</script> & ]]> <!--',
  '__proto__',
  'constructor',
  '=cmd|calc',
  '+1',
  '-2',
  '@x',
  'a,b;c\td',
  '# EOF',
  '}{" 1\n# EOF',
  '\u0000\u001b[31m\u202e\ufffe\uffff\ud800',
  '$(touch pwned) `id`',
  '表 🐢',
] as const;
