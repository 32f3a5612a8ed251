import { expect, it } from 'vitest';
import * as workflows from '../../src/workflows/index.ts';
import { workflowBundle } from '../support/temporal.ts';

it('bundles for the sandbox, without a Node module', { timeout: 60_000 }, async () => {
  expect((await workflowBundle()).code).toContain('benchmark');
});

it('exports exactly the workflow types that are public', () => {
  expect(Object.keys(workflows)).toEqual(['benchmark']);
});
