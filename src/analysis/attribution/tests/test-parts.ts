/** What made a scenario longer: pytest's phases, and what is in them. */
import type { RunFacts } from '../../../model/run.ts';
import { type Part, type Sides, sum } from '../part.ts';
import { balanceParts } from './balance.ts';
import { withChangedCode } from './changed-code.ts';
import { withDisturbance } from './disturbance.ts';
import { growthOf } from './growth.ts';
import { withLimit } from './limits.ts';
import { groupName, grownTests } from './named-tests.ts';
import { withOptions } from './options.ts';
import { phaseParts } from './phases.ts';
import { withServices } from './services.ts';
import { type Trials, trialOf } from './trial.ts';
import { unlistedParts } from './unlisted.ts';

/** null where a side has no profile of pytest. */
export function testParts(runs: Sides<RunFacts>, scenario: string, difference: number): Part[] | null {
  const [base, head] = [trialOf(runs.base, scenario), trialOf(runs.head, scenario)];
  if (base === null || head === null) return null;
  const trials: Trials = { runs, base, head, scenario, difference };
  const parts = [...phaseParts(trials), ...contentOfTests(trials)];
  return withLimit(trials, withDisturbance(trials, withOptions(trials, withChangedCode(runs, parts))));
}

/** Of the phase in which tests run: at most as much as it grew. */
function contentOfTests(trials: Trials): Part[] {
  const growth = growthOf(trials);
  const { tests, fresh, fixtures } = growth;
  const sites = { base: trials.base.pytest.sleeps ?? [], head: trials.head.pytest.sleeps ?? [] };
  const listed = [...grownTests(tests, sites), ...newTests(fresh), ...fixtures];
  const ofTests = ({ class: cls }: Part) => cls === 'test' || cls === 'manyTests';
  const all = [...listed, ...unlistedParts(trials, growth, listed)];
  const named = withServices(trials, all.filter(ofTests));
  const parts = [...named, ...all.filter((part) => !ofTests(part))];
  const grew = trials.head.path.tests - trials.base.path.tests;
  return [...parts, ...balanceParts(trials, grew - sum(parts.map(({ seconds }) => seconds)), named)];
}

function newTests(fresh: ReturnType<typeof growthOf>['fresh']): Part[] {
  if (fresh.length === 0) return [];
  const ids = fresh.map(({ pair }) => pair.head.id);
  const seconds = sum(fresh.map((each) => each.seconds));
  return [
    {
      class: 'newTests',
      name: ids.length === 1 ? ids[0]! : groupName(ids),
      baseSeconds: null,
      headSeconds: seconds,
      seconds,
      evidence: [{ kind: 'tests', ids: ids.slice(0, 5), count: ids.length, secondsEach: seconds / ids.length }],
    },
  ];
}
