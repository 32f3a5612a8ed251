import { listOf } from '../../../format/list-of.ts';
import type { ScenarioResult } from '../../../model/result.ts';
import { placeOf } from '../../place-of.ts';
import { addoptsOf, commandWith, countIn } from '../../xdist/options.ts';
import { commandText } from '../../../plan/command-text.ts';
import type { Audit } from '../audit.ts';

/** The project's addopts give workers to every scenario that names none: one that is meant to have none is no longer that. */
export const workerConflict: Audit = {
  id: 'worker-conflict',
  title: "The project's addopts give a scenario workers that its command does not name",
  ok: "No scenario has its workers from the project's addopts while others name theirs.",
  requires: ['trials', 'pytest'],
  audit: ({ facts, plan, scenarios }) => {
    const addopts = countIn(wordsOfAddopts(scenarios) ?? (addoptsOf(facts.projectFiles)?.value ?? '').split(/\s+/));
    const others = scenarios.filter(({ command }) => command !== null && countIn(command) !== null);
    if (addopts === null || others.length === 0) return [];
    const affected = scenarios.filter(
      ({ command, pytest }) =>
        command !== null && countIn(command) === null && (pytest?.configuration.workers ?? 0) > 0,
    );
    if (affected.length === 0) return [];
    const names = listOf(affected.map(({ name }) => name));
    return [
      {
        kind: 'opportunity',
        message: `Add \`-n 0\` to the command of ${names}: the project's addopts have \`-n ${addopts}\`, so it runs with workers, as the scenarios do that name theirs.`,
        evidence: [
          ...affected.map(
            ({ name, pytest }) => `${name} names no workers and ran with ${pytest!.configuration.workers}`,
          ),
          ...others.map(
            ({ name, command }) => `${name} names \`-n ${countIn(command!)}\`, which counts before the addopts`,
          ),
        ],
        where: placeOf(facts.projectFiles, { kind: 'pytestOption', name: 'addopts' }),
        saves: null,
        remedy: {
          kind: 'planOverride',
          set: Object.fromEntries(
            affected.map(({ name, command }) => [
              `scenarios[${plan.scenarios.findIndex((each) => each.name === name)}].command`,
              commandText(commandWith(command!, { workers: 0, distribution: null })),
            ]),
          ),
        },
      },
    ];
  },
};

function wordsOfAddopts(scenarios: readonly ScenarioResult[]): readonly string[] | null {
  return scenarios.find(({ pytest }) => pytest !== null)?.pytest?.configuration.addopts ?? null;
}
