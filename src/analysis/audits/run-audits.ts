/** Every check that can give advice; a new one is a folder in audits/ and a line here. */
import type { Advice, CheckResult, ScenarioResult } from '../../model/result.ts';
import type { RunFacts } from '../../model/run.ts';
import type { Audit, AuditContext, Finding } from './audit.ts';
import { missingFact } from './facts-needed.ts';
import { baseImage } from './base-image/audit.ts';
import { buildTools } from './build-tools/audit.ts';
import { chainedStages } from './chained-stages/audit.ts';
import { chattyQueries } from './chatty-queries/audit.ts';
import { connectionCost } from './connection-cost/audit.ts';
import { costlyCache } from './costly-cache/audit.ts';
import { costlyFixture } from './costly-fixture/audit.ts';
import { coverageCost } from './coverage-cost/audit.ts';
import { coverageThreshold } from './coverage-threshold/audit.ts';
import { cpuLimit } from './cpu-limit/audit.ts';
import { databaseDurability } from './database-durability/audit.ts';
import { diskBound } from './disk-bound/audit.ts';
import { distribution } from './distribution/audit.ts';
import { fixedSleep } from './fixed-sleep/audit.ts';
import { flakyTests } from './flaky-tests/audit.ts';
import { healthcheckInterval } from './healthcheck-interval/audit.ts';
import { idleLane } from './idle-lane/audit.ts';
import { ignoredStopSignal } from './ignored-stop-signal/audit.ts';
import { imageBuiltTwice } from './image-built-twice/audit.ts';
import { initOnStart } from './init-on-start/audit.ts';
import { interference } from './interference/audit.ts';
import { largeResponses } from './large-responses/audit.ts';
import { layerOrder } from './layer-order/audit.ts';
import { leakyContext } from './leaky-context/audit.ts';
import { memoryLimit } from './memory-limit/audit.ts';
import { memoryGrowth } from './memory-growth/audit.ts';
import { missingPlugin } from './missing-plugin/audit.ts';
import { missingPytest } from './missing-pytest/audit.ts';
import { noCacheMount } from './no-cache-mount/audit.ts';
import { noTestCommand } from './no-test-command/audit.ts';
import { packageLists } from './package-lists/audit.ts';
import { processLimit } from './process-limit/audit.ts';
import { sameFailures } from './same-failures/audit.ts';
import { schedulerCrash } from './scheduler-crash/audit.ts';
import { serialDependency } from './serial-dependency/audit.ts';
import { skippedTests } from './skipped-tests/audit.ts';
import { slowImport } from './slow-import/audit.ts';
import { slowTests } from './slow-tests/audit.ts';
import { tightMemory } from './tight-memory/audit.ts';
import { unregisteredMarker } from './unregistered-marker/audit.ts';
import { unstableCollection } from './unstable-collection/audit.ts';
import { unusedService } from './unused-service/audit.ts';
import { workerConflict } from './worker-conflict/audit.ts';
import { workerCount } from './worker-count/audit.ts';
import { workerImbalance } from './worker-imbalance/audit.ts';

/** Causes of failures first, then what could be faster. */
export const AUDITS: readonly Audit[] = [
  missingPytest,
  noTestCommand,
  missingPlugin,
  unregisteredMarker,
  unstableCollection,
  coverageThreshold,
  memoryLimit,
  processLimit,
  schedulerCrash,
  interference,
  sameFailures,
  skippedTests,
  workerCount,
  distribution,
  workerImbalance,
  workerConflict,
  healthcheckInterval,
  layerOrder,
  noCacheMount,
  leakyContext,
  packageLists,
  buildTools,
  chainedStages,
  costlyCache,
  baseImage,
  imageBuiltTwice,
  serialDependency,
  initOnStart,
  ignoredStopSignal,
  unusedService,
  databaseDurability,
  fixedSleep,
  costlyFixture,
  coverageCost,
  slowImport,
  slowTests,
  flakyTests,
  connectionCost,
  chattyQueries,
  largeResponses,
  cpuLimit,
  idleLane,
  tightMemory,
  memoryGrowth,
  diskBound,
];

export interface AuditResults {
  readonly advice: readonly Advice[];
  /** One for each audit, in their order. */
  readonly checks: readonly CheckResult[];
  /** One for each audit that failed. */
  readonly notes: readonly string[];
}

/** An audit that throws is a defect in Paceline: it becomes a note, and the others go on. */
export function runAudits(
  facts: RunFacts,
  scenarios: readonly ScenarioResult[],
  audits: readonly Audit[] = AUDITS,
): AuditResults {
  const { plan } = facts;
  if (plan === null) return { advice: [], checks: [], notes: [] };
  const results = audits.map((audit) => resultOf(audit, { facts, plan, scenarios }));
  return {
    advice: results.flatMap(({ advice }) => advice),
    checks: results.map(({ check }) => check),
    notes: results.flatMap(({ check: { id, outcome, reason } }) =>
      outcome === 'failed'
        ? [`The check \`${id}\` failed (${reason}). This is a bug in Paceline. Please report it.`]
        : [],
    ),
  };
}

interface AuditResult {
  readonly advice: readonly Advice[];
  readonly check: CheckResult;
}

function resultOf({ id, title, ok, requires, audit }: Audit, context: AuditContext): AuditResult {
  const none = (outcome: CheckResult['outcome'], reason: string) => ({
    advice: [],
    check: { id, title, outcome, reason },
  });
  const missing = missingFact(context.facts, requires);
  if (missing !== null) return none('notApplicable', missing);
  try {
    const findings = audit(context);
    const advice = findings.flatMap((finding) => adviceOf(id, finding));
    if (advice.length > 0) return { advice, check: { id, title, outcome: 'found', reason: null } };
    const [unknown] = findings.filter((finding) => 'reason' in finding);
    return unknown === undefined ? none('ok', ok) : none(unknown.kind, unknown.reason);
  } catch (error) {
    return none('failed', error instanceof Error ? error.message : String(error));
  }
}

function adviceOf(id: string, finding: Finding): Advice[] {
  if (finding.kind !== 'opportunity' && finding.kind !== 'problem') return [];
  const { kind, message, evidence, where = null, remedy = null, startup = [] } = finding;
  const saves = finding.kind === 'opportunity' ? finding.saves : null;
  return [
    {
      id,
      kind,
      state: 'predicted',
      message,
      evidence,
      where,
      saves,
      remedy,
      ...(startup.length === 0 ? {} : { startup }),
    },
  ];
}
