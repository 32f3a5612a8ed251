import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { resolvePlan } from '../../src/plan/resolve.ts';
import { writtenPlan } from '../../src/plan/written.ts';
import { validPlans } from './valid-plans.ts';

it('a complete plan that is written out makes the same plan again', () => {
  fc.assert(
    fc.property(validPlans, (input) => {
      const plan = resolvePlan(input, { folderName: 'shop' });
      expect(resolvePlan(writtenPlan(plan), { folderName: 'elsewhere' })).toEqual(plan);
    }),
  );
});
