import { expect, test } from 'vitest';
import * as workflows from '../../src/workflows/index.ts';
import { workflowBundle } from '../support/temporal.ts';

const PURE = /\/src\/(model|format|plan|analysis|report|workflows)\/[^/]+(\/[^/]+)*\.ts$/;

test("the workflows' bundle holds pure folders alone: no engine, no store, no Node module", async () => {
  const { code } = await workflowBundle();
  const modules = [...code.matchAll(/^\/\*{3}\/ "([^"]+)"/gm)].map(([, id]) => id!);
  const own = modules.filter((id) => id.includes('/src/') && !id.includes('node_modules'));
  expect(own).toContainEqual(expect.stringMatching(/\/src\/workflows\/benchmark\.ts$/));
  expect(own.filter((id) => !PURE.test(id))).toEqual([]);
}, 60_000);

test('these are the workflow types, since every exported name is one', () => {
  expect(Object.keys(workflows)).toEqual(['benchmark', 'compare', 'confirm', 'verifyAdvice', 'tune']);
});
