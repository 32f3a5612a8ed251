import { figure } from '../../../format/figure.ts';
import { formatRatio } from '../../../format/format-quantity.ts';
import { type Audit, savesUnknown } from '../audit.ts';
import { NOT_SEEN, primaryOf } from '../support/primary.ts';

/** Share of the lane's CPU time that was used. One busy process on two CPUs uses half. */
export const IDLE_RATIO = 0.4;
export const WORTH_SECONDS = 10;
/** Share of the time in which some process of the trial waited for a CPU. What is not used then is not idle. */
export const WAITED_RATIO = 0.2;

const TAKEN = 'Other programs used the CPUs of the tests as well.';

/** Tests that wait for services or sleep leave their CPUs idle: more workers wait at the same time. */
export const idleLane: Audit = {
  id: 'idle-lane',
  title: 'The CPUs of the tests are idle most of the time',
  ok: 'The tests keep their CPUs busy, or end soon.',
  requires: ['pytest', 'resources'],
  audit: (context) => {
    const primary = primaryOf(context);
    if (primary === null) return [{ kind: 'inconclusive', reason: NOT_SEEN }];
    const { trial, pytest, scenario, caveats } = primary;
    const ratio = trial.profile?.resources?.laneRatio ?? null;
    if (ratio === null)
      return [{ kind: 'inconclusive', reason: 'The share of the lane that the tests used is not known.' }];
    const waited = trial.profile?.resources?.cpuPressureRatio ?? null;
    if (waited === null ? trial.disturbed !== null : waited >= WAITED_RATIO)
      return [{ kind: 'inconclusive', reason: TAKEN }];
    const tests = pytest.path?.tests ?? 0;
    if (ratio >= IDLE_RATIO || tests < WORTH_SECONDS) return [];
    return [
      {
        kind: 'opportunity',
        message: `Run more tests at the same time (\`-n\`), or find what they wait for: they used ${formatRatio(ratio)} of the CPUs of their lane. \`paceline tune\` tries other numbers of workers.`,
        evidence: [
          `${trial.lane.cpus.length === 1 ? '1 CPU' : `${trial.lane.cpus.length} CPUs`}, ${figure(tests, 'second')} of tests, ${pytest.configuration.workers} workers`,
          ...caveats,
        ],
        saves: savesUnknown('test.duration', scenario.name),
        remedy: { kind: 'steps', steps: ['Run `paceline tune`.'] },
      },
    ];
  },
};
