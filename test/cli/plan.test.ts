import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { PlanInput } from '../../src/plan/schema.ts';
import { pacelineHere } from '../support/paceline.ts';

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'paceline-plan-'));
  mkdirSync(join(root, 'bare'));
  mkdirSync(join(root, 'planned'));
  writeFileSync(join(root, 'planned', 'paceline.yml'), 'scenarios: [{ name: Fast, command: pytest }]');
});
afterAll(() => rmSync(root, { recursive: true }));

async function planned(project: string, ...flags: string[]) {
  const { code, stdout } = await pacelineHere(['plan', '--project', project, ...flags], { cwd: root });
  expect(code).toBe(0);
  return stdout;
}

const inputOf = (stdout: string) => (JSON.parse(stdout) as { plan: PlanInput }).plan;
const namesOf = ({ scenarios }: PlanInput) => scenarios?.map(({ name }) => name);

describe('the input of a workflow', () => {
  test('leaves default scenarios to the run, which knows the image', async () => {
    const plan = inputOf(await planned('bare', '--json', '--repeat', '3'));
    expect(plan.scenarios).toBeUndefined();
    expect(plan.trials?.repeat).toBe(3);
  });

  test('has the scenarios that the plan or a flag names', async () => {
    expect(namesOf(inputOf(await planned('planned', '--json')))).toEqual(['Fast']);
    expect(namesOf(inputOf(await planned('bare', '--json', '--scenario', 'Single Worker')))).toEqual(['Single Worker']);
  });
});

test('the printed plan has all defaults, and says which scenarios may be left out', async () => {
  const bare = await planned('bare');
  expect(namesOf(parse(bare) as PlanInput)).toHaveLength(4);
  expect(bare).toMatch(/# The default scenarios\. .* skips those that the test image cannot run/);
  expect(await planned('planned')).not.toContain('#');
});
