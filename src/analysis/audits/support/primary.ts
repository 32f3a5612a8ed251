/** The trial of the primary scenario that stands for its tests, as audits of the tests need it. */
import type { PytestProfile } from '../../../model/profile/pytest-profile.ts';
import type { Place } from '../../../model/project-files.ts';
import type { Scenario } from '../../../model/plan.ts';
import type { TrialRecord } from '../../../model/run.ts';
import { typicalTrial } from '../../trials/typical-trial.ts';
import { caveatsOf } from '../../trials/serves.ts';
import type { AuditContext } from '../audit.ts';

export interface Primary {
  readonly scenario: Scenario;
  readonly trial: TrialRecord;
  readonly pytest: PytestProfile;
  /** The processes that share the tests: at least 1. */
  readonly processes: number;
  /** For evidence: what to know of a trial that is not clean. None where it is. */
  readonly caveats: readonly string[];
}

/** Why an audit that needs it is inconclusive. */
export const NOT_SEEN = 'No trial of the primary scenario has a profile of pytest.';

/** @returns null if no trial of the primary scenario has a profile of pytest */
export function primaryOf({ facts, plan }: AuditContext): Primary | null {
  const scenario = plan.scenarios.find(({ primary }) => primary);
  if (scenario === undefined) return null;
  const trial = typicalTrial(facts, scenario.id, ({ profile }) => Boolean(profile?.pytest));
  const pytest = trial?.profile?.pytest;
  if (trial === null || pytest == null) return null;
  const processes = Math.max(1, pytest.workers.length, pytest.configuration.workers);
  return { scenario, trial, pytest, processes, caveats: caveatsOf(trial) };
}

/** How many tests ran. */
export function testCount({ testSet }: PytestProfile): number {
  return Math.max(1, testSet.count);
}

/** Where a test begins; line 1 of its file where that was not recorded. */
export function placeOfTest({ table }: Pick<PytestProfile, 'table'>, id: string): Place {
  return { file: fileOf(id), line: table?.line?.[indexOfTest({ table }, id)] ?? 1 };
}

/** Its row in the table; -1 where that was not recorded. */
export function indexOfTest({ table }: { readonly table?: PytestProfile['table'] | undefined }, id: string): number {
  const file = fileOf(id);
  const name = id.slice(file.length + '::'.length);
  return table?.name.findIndex((each, at) => each === name && table.files[table.file[at] ?? -1] === file) ?? -1;
}

function fileOf(id: string): string {
  return id.split('::', 1)[0] ?? id;
}
