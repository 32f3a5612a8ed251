import { expect, test } from 'vitest';
import { trialTitle } from '../../src/workflows/steps.ts';
import { planOf, scenarioOf } from '../analysis/facts.ts';

const FULL = scenarioOf('Full', 'python -m pytest', 60, true);

test.each([
  { what: 'the only one', repeat: 1, warmup: 0, trial: 1, title: 'Full' },
  { what: 'one of several', repeat: 3, warmup: 0, trial: 2, title: 'Full (2)' },
  { what: 'one after a warm-up', repeat: 1, warmup: 1, trial: 2, title: 'Full (2)' },
  {
    what: 'a further one',
    repeat: 1,
    warmup: 0,
    trial: 2,
    title: 'Full, again, since other programs disturbed trial 1',
  },
])('the title of a trial that is $what', ({ repeat, warmup, trial, title }) => {
  const plan = planOf({ scenarios: [FULL] });
  const trials = { ...plan.trials, repeat, warmup };
  expect(trialTitle({ ...plan, trials }, { scenarioId: FULL.id, trial, kind: 'measured' })).toBe(title);
});
