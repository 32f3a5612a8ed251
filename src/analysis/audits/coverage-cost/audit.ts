import type { CoverageSettings } from '../../../model/profile/test-table.ts';
import type { ScenarioResult } from '../../../model/result.ts';
import { figure } from '../../../format/figure.ts';
import { setComposeKey } from '../../patches/compose-edit.ts';
import { makePatch } from '../../patches/make-patch.ts';
import { placeOf } from '../../place-of.ts';
import {
  type Audit,
  type AuditContext,
  type Finding,
  sameTests,
  savesBetween,
  savesUnknown,
  testsOf,
} from '../audit.ts';
import { NOT_SEEN, type Primary, primaryOf } from '../support/primary.ts';

/** A shorter trial has no time to give. */
export const WORTH_TRIAL_SECONDS = 5;
export const WORTH_REPORT_SECONDS = 2;
/** Python 3.12 has sys.monitoring; for branches coverage needs what came with 3.14. */
const SYSMON = { lines: [3, 12], branches: [3, 14] } as const;

/** Coverage calls back into its tracer for each line. sys.monitoring does that once for each line that was not seen yet. */
export const coverageCost: Audit = {
  id: 'coverage-cost',
  title: 'Coverage slows the tests more than it needs to',
  ok: 'Coverage costs nothing that could be saved without losing figures.',
  requires: ['pytest'],
  audit: (context) => {
    const primary = primaryOf(context);
    if (primary === null) return [{ kind: 'inconclusive', reason: NOT_SEEN }];
    const settings = primary.pytest.coverageSettings;
    if (!primary.pytest.configuration.coverage)
      return [{ kind: 'notApplicable', reason: 'The primary scenario does not measure coverage.' }];
    if (settings == null) return [{ kind: 'inconclusive', reason: 'How coverage measures was not recorded.' }];
    return [...tracer(context, primary, settings), ...reports(primary, settings)];
  },
};

function tracer(
  context: AuditContext,
  { pytest, scenario, trial, caveats }: Primary,
  { core, branch }: CoverageSettings,
): Finding[] {
  const version = pytest.configuration.python.split('.').map(Number);
  const needed = branch === true ? SYSMON.branches : SYSMON.lines;
  const isNew = (version[0] ?? 0) > needed[0] || (version[0] === needed[0] && (version[1] ?? 0) >= needed[1]);
  if (core === 'sysmon' || core === null || !isNew || (trial.seconds ?? 0) < WORTH_TRIAL_SECONDS) return [];
  const { service, projectFiles: files } = context.facts;
  const edit = service === null ? null : setComposeKey(files, service, ['environment', 'COVERAGE_CORE'], 'sysmon');
  const patch = edit === null ? null : makePatch(files, [edit]);
  const without = withoutCoverage(context);
  return [
    {
      kind: 'opportunity',
      message:
        'Set COVERAGE_CORE=sysmon for the tests: coverage then measures by sys.monitoring, which this Python has.',
      evidence: [
        `coverage measures by ${core} on Python ${pytest.configuration.python}`,
        ...(without === null
          ? []
          : [`${without.name} ran the same tests without coverage, in ${figure(without.seconds, 'second')}`]),
        ...caveats,
      ],
      where: service === null ? null : placeOf(files, { kind: 'composeKey', service, key: ['environment'] }),
      saves: savesUnknown('test.duration', scenario.name),
      remedy:
        patch === null
          ? { kind: 'steps', steps: ['Set COVERAGE_CORE=sysmon in the environment of the test service.'] }
          : { kind: 'patch', patch },
    },
  ];
}

/** A scenario that ran the same tests without coverage shows the most that can be saved. */
function withoutCoverage({ scenarios }: AuditContext): { readonly name: string; readonly seconds: number } | null {
  const primary = scenarios.find((scenario) => scenario.primary);
  const tests = primary === undefined ? null : testsOf(primary);
  const isSame = (other: ScenarioResult) => {
    const others = testsOf(other);
    return tests !== null && others !== null && sameTests(tests, others);
  };
  const found = scenarios.find(
    (other) =>
      other !== primary &&
      other.seconds !== null &&
      other.pytest?.configuration.coverage === false &&
      other.pytest.configuration.workers === primary?.pytest?.configuration.workers &&
      isSame(other),
  );
  return found?.seconds == null ? null : { name: found.name, seconds: found.seconds };
}

/** Each report reads the data and the source again; the terminal's is enough to see a figure. */
function reports({ pytest, scenario, caveats }: Primary, settings: CoverageSettings): Finding[] {
  const seconds = pytest.coverageReportSeconds;
  if (seconds === null || seconds < WORTH_REPORT_SECONDS || settings.reports.length < 2) return [];
  const dear = settings.reports.filter((kind) => kind === 'html' || kind === 'annotate');
  if (dear.length === 0) return [];
  return [
    {
      kind: 'opportunity',
      message: `Make the ${dear.join(' and ')} report only where it is read: its files are written at the end of each trial.`,
      evidence: [
        `${settings.reports.length} reports (${settings.reports.join(', ')}) took ${figure(seconds, 'second')}`,
        ...caveats,
      ],
      saves: savesBetween('test.duration', { value: seconds * 0.7, low: seconds * 0.3, high: seconds }, scenario.name),
      remedy: {
        kind: 'steps',
        steps: [`Leave out ${dear.map((kind) => `\`--cov-report=${kind}\``).join(' and ')} in this scenario.`],
      },
    },
  ];
}
