/** What a long test waits for while it computes little itself: a pytest that it starts, or another program. */
import type { PytestProfile, TestTiming } from '../../../model/profile/pytest-profile.ts';
import type { SleepCost } from '../../../model/profile/test-table.ts';
import { figure } from '../../../format/figure.ts';
import { indexOfTest } from './primary.ts';

/** A test that computes for less of its time waits. */
const COMPUTES = 0.1;
/** Python waits for a program by short sleeps of its own, which older versions recorded without the program's name. */
const WAITS_FOR_PROGRAM = /\bsubprocess\.(?:run|call|check_call|check_output)\(|\.(?:communicate|wait)\(/;

/** The call by which a test starts pytest; null where none was seen. */
export function pytestStartedBy({ startedPytests }: PytestProfile, id: string): SleepCost | null {
  return startedPytests?.find(({ tests }) => tests.includes(id)) ?? null;
}

/** @returns sentences for evidence; none for a test that computes */
export function waitingEvidence(pytest: PytestProfile, { id, seconds }: Pick<TestTiming, 'id' | 'seconds'>): string[] {
  const started = pytestStartedBy(pytest, id);
  const program = pytest.sleeps?.find(
    ({ source, tests }) => tests.includes(id) && source !== null && WAITS_FOR_PROGRAM.test(source),
  );
  const cpu = pytest.table?.cpu?.[indexOfTest(pytest, id)];
  return [
    ...(started === null
      ? []
      : [`it starts pytest at ${lineWords(started)}: ${callWords(started)}, ${figure(started.seconds, 'second')}`]),
    ...(started === null && program !== undefined ? [`it waits for another program at ${lineWords(program)}`] : []),
    ...(cpu !== undefined && cpu < COMPUTES * seconds
      ? [`it waits: ${figure(cpu, 'second')} of CPU time in ${figure(seconds, 'second')}`]
      : []),
  ];
}

function lineWords({ file, line, source }: SleepCost): string {
  return `${file}:${line}${source === null ? '' : ` (\`${source}\`)`}`;
}

function callWords({ calls }: SleepCost): string {
  return calls === 1 ? '1 call' : `${calls} calls`;
}
