/** What the logs of the tests and services say: slow queries, failed connections, retries. */
import type { LogResult, RunResult } from '../../model/result.ts';
import type { LogFindingKind } from '../../model/profile/services.ts';
import { code, type Inline, item, list, quantityOrNull, seconds, table } from '../blocks.ts';
import type { SectionMaker } from './section.ts';

export const logs: SectionMaker = {
  id: 'logs',
  title: 'Logs',
  make: (result) => ({
    summary: list(summaryLines(result).map((line) => item(line, { sign: 'warning' }))),
    details: table(
      ['Scenario', 'Log of', 'What', '>Longest', 'Example'],
      result.logs.map((finding) => [
        finding.scenario,
        finding.service,
        countedText(finding),
        quantityOrNull(finding.longestSeconds, 'second'),
        code(finding.example),
      ]),
    ),
  }),
};

const WORDS: Readonly<Record<LogFindingKind, readonly [one: string, several: string]>> = {
  slowQuery: ['slow query', 'slow queries'],
  connectionFailed: ['failed connection', 'failed connections'],
  connectionLimit: ['connection refused: no free slot', 'connections refused: no free slot'],
  retry: ['retry', 'retries'],
  timeout: ['timeout', 'timeouts'],
  lock: ['deadlock or long wait for a lock', 'deadlocks or long waits for a lock'],
  outOfMemory: ['time out of memory', 'times out of memory'],
  diskFull: ['time a full disk', 'times a full disk'],
  ended: ['exit before the tests ended', 'exits before the tests ended'],
  deprecation: ['deprecation warning', 'deprecation warnings'],
};
const SHOWN = 3;

/** At most three lines; what matters most comes first. */
function summaryLines({ logs: findings, scenarios }: RunResult): readonly Inline[] {
  const primary = scenarios.find((scenario) => scenario.primary)?.name;
  const lines = findings.map((finding): Inline => {
    const of = finding.scenario === primary ? '' : ` (${finding.scenario})`;
    const { longestSeconds } = finding;
    const longest: Inline = longestSeconds === null ? '' : [', the longest ', seconds(longestSeconds)];
    return [`Log of ${finding.service}${of}: ${countedText(finding)}`, longest];
  });
  const more = lines.length - SHOWN;
  return more <= 0 ? lines : [...lines.slice(0, SHOWN - 1), `${more + 1} more findings in logs: see report.md`];
}

function countedText({ kind, count }: LogResult): string {
  const [one, several] = WORDS[kind];
  return `${count} ${count === 1 ? one : several}`;
}
