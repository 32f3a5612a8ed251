/** Hostile names of projects, scenarios and refs in all places: ids, folders, objects, and every kind of report. */
import { readFileSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analysis/analyze.ts';
import { parseFactsFile } from '../../src/analysis/facts-file.ts';
import { idPart, workflowIdOf } from '../../src/cli/run/workflow-id.ts';
import { isInside, runFolder, trialFolder } from '../../src/data/directory.ts';
import { labelsFor, trialName } from '../../src/docker/engine/labels.ts';
import type { RunFacts } from '../../src/model/run.ts';
import { resolvePlan } from '../../src/plan/resolve.ts';
import { annotation, annotations, foreignLine, groupStart } from '../../src/report/formats/github.ts';
import { renderJson } from '../../src/report/formats/json.ts';
import { renderMarkdown, renderStepSummary } from '../../src/report/formats/markdown.ts';
import { renderProblem } from '../../src/report/formats/problem.ts';
import { renderResult } from '../../src/report/formats/terminal.ts';
import { PacelineError } from '../../src/model/failure.ts';
import { hostile } from '../support/hostile.ts';

function planOf(names: readonly string[], project: string) {
  try {
    return resolvePlan({ project, scenarios: names.map((name) => ({ name })) }, { folderName: 'shop' });
  } catch (error) {
    if (error instanceof PacelineError && error.problem.type === 'WrongUsage') return null;
    throw error;
  }
}

function folderOf(runId: string): string | null {
  try {
    return runFolder('/data', runId);
  } catch (error) {
    if (error instanceof PacelineError) return null;
    throw error;
  }
}

describe('ids and places', () => {
  test('of a plan that is accepted, scenarios have ids of their own that are safe anywhere', () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.uniqueArray(hostile, { minLength: 1, maxLength: 5 }), hostile, (names, project) => {
        const plan = planOf(names, project || 'shop');
        if (plan === null) return;
        accepted += 1;
        const ids = plan.scenarios.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        for (const scenarioId of ids) {
          expect(scenarioId).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,45}[a-z0-9])?$/);
          const folder = trialFolder('/data', 'run-1', { scenarioId, trial: 1, try: 1 });
          expect(relative('/data/runs/run-1/trials', folder)).toBe(`${scenarioId}-1-1`);
          const key = { instance: 'i', runId: 'r', scenarioId, trial: 1, try: 1 };
          expect(trialName(key)).toMatch(/^paceline-[0-9a-f]{12}$/);
        }
        for (const { name } of [...plan.scenarios, { name: plan.project }]) expect(name).not.toMatch(/\p{Cc}/u);
      }),
      { numRuns: 500 },
    );
    expect(accepted).toBeGreaterThan(20);
  });

  test("a workflow's id and a schedule's are one word for shells and URLs", () => {
    fc.assert(
      fc.property(hostile, (project) => {
        expect(idPart(project)).toMatch(/^[\p{L}\p{N}._][\p{L}\p{N}._-]*$/u);
        expect(workflowIdOf({ project, commit: null, nowMs: 0 }).split('/')).toHaveLength(4);
      }),
    );
  });

  test('a run id from outside names a folder below runs/, or none', () => {
    fc.assert(
      fc.property(hostile, (id) => {
        const folder = folderOf(id);
        expect(
          folder === null || (isAbsolute(folder) && isInside('/data/runs', folder) && folder !== '/data/runs'),
        ).toBe(true);
      }),
    );
  });

  test('labels are strings, each under its own key, whatever ids a workflow input has', () => {
    fc.assert(
      fc.property(hostile, hostile, (workflowId, scenarioId) => {
        const labels = labelsFor({ instance: 'i', runId: 'r', workflowId, trial: { scenarioId, trial: 1, try: 1 } });
        expect(labels).toMatchObject({
          'paceline.instance': 'i',
          'paceline.run': 'r',
          'paceline.workflow': workflowId,
        });
        expect(Object.keys(labels)).toHaveLength(6);
      }),
    );
  });
});

const RED_SUITE = readFileSync(new URL('../golden/red-suite/facts.json', import.meta.url), 'utf8');
const FACTS: RunFacts = parseFactsFile(RED_SUITE, 'facts.json').facts;

/** The facts with a name in the place of the project's and of each scenario's. */
function namedFacts(name: string): RunFacts {
  const plan = FACTS.plan!;
  return {
    ...FACTS,
    plan: {
      ...plan,
      project: name,
      scenarios: plan.scenarios.map((scenario, index) => ({ ...scenario, name: `${name}${index}` })),
    },
  };
}

describe('reports', () => {
  test('of any names: nothing that a terminal obeys, no line that GitHub obeys, no HTML, no table broken', () => {
    const plain = analyze(namedFacts('plain'));
    expect(renderMarkdown(plain)).toContain('plain0');
    expect(renderResult(plain, { color: false, width: 96 })).toContain('plain0');
    const rowsOf = (markdown: string) => markdown.split('\n').filter((line) => line.startsWith('|')).length;
    fc.assert(
      fc.property(hostile, (name) => {
        const result = analyze(namedFacts(name));
        const terminal = renderResult(result, { color: false, width: 96 });
        expect(terminal).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
        for (const [render, before] of [
          [renderMarkdown, renderMarkdown(plain)],
          [renderStepSummary, renderStepSummary(plain)],
        ] as const) {
          const markdown = render(result);
          expect(markdown).not.toMatch(/<script|@all/i);
          expect(markdown).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
          expect(rowsOf(markdown)).toBe(rowsOf(before));
        }
        expect(JSON.parse(renderJson(result))).toMatchObject({ schemaVersion: plain.schemaVersion });
        for (const line of annotations(result)) expect(line).toMatch(/^::(?:error|warning)(?: [^\n\r]*)?::[^\n\r]*$/);
      }),
    );
  }, 60_000);

  test('lines for GitHub are one command each, and foreign lines are none', () => {
    fc.assert(
      fc.property(hostile, hostile, (title, message) => {
        expect(annotation('error', title, message)).toMatch(/^::error title=[^\n\r:,]*::[^\n\r]*$/);
        expect(groupStart(title)).toMatch(/^::group::[^\n\r]*$/);
        for (const line of message.split(/\r\n|\n|\r/)) expect(foreignLine(line)).not.toMatch(/^\s*::|##\[/);
      }),
    );
  });

  test('a problem that names them is shown as text', () => {
    fc.assert(
      fc.property(hostile, (name) => {
        const shown = renderProblem(
          { what: `There is no ${name}.`, next: `Give another than ${name}.`, detail: name },
          {},
        );
        expect(shown).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
      }),
    );
  });
});
