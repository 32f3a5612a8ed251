import { listOf } from '../../../format/list-of.ts';
import type { ScenarioResult } from '../../../model/result.ts';
import { placeOf } from '../../place-of.ts';
import { addoptsOf, commandWith, commandWithoutCount, countIn } from '../../xdist/options.ts';
import { commandText } from '../../../plan/command-text.ts';
import type { Audit, AuditContext, Finding } from '../audit.ts';

/**
 * The project's addopts and the scenarios' commands both name workers: a scenario that is meant to have none is no longer that, or
 * none runs as the project does.
 */
export const workerConflict: Audit = {
  id: 'worker-conflict',
  title: "The project's addopts and the scenarios' commands disagree about the workers",
  ok: "The project's addopts and the scenarios' commands agree about the workers.",
  requires: ['trials', 'pytest'],
  audit: (context) => {
    const { facts, scenarios } = context;
    const addopts = countIn(wordsOfAddopts(scenarios) ?? (addoptsOf(facts.projectFiles)?.value ?? '').split(/\s+/));
    const naming = scenarios.filter(({ command }) => command !== null && countIn(command) !== null);
    if (addopts === null || naming.length === 0) return [];
    const affected = scenarios.filter(
      ({ command, pytest }) =>
        command !== null && countIn(command) === null && (pytest?.configuration.workers ?? 0) > 0,
    );
    if (affected.length > 0) return [withWorkers(context, affected, naming, addopts)];
    const isMeasured = naming.length < scenarios.length || naming.some(({ command }) => countIn(command!) === addopts);
    return isMeasured ? [] : [withOthers(context, naming, addopts)];
  },
};

/** They name no workers, and have them from the addopts. */
function withWorkers(
  context: AuditContext,
  affected: readonly ScenarioResult[],
  naming: readonly ScenarioResult[],
  addopts: string,
): Finding {
  const names = listOf(affected.map(({ name }) => name));
  return {
    kind: 'opportunity',
    message: `Add \`-n 0\` to the command of ${names}: the project's addopts have \`-n ${addopts}\`, so it runs with workers, as the scenarios do that name theirs.`,
    evidence: [
      ...affected.map(({ name, pytest }) => `${name} names no workers and ran with ${pytest!.configuration.workers}`),
      ...naming.map(countWords),
    ],
    where: placeOfAddopts(context),
    saves: null,
    remedy: commands(context, affected, (command) => commandWith(command, { workers: 0, distribution: null })),
  };
}

/** No scenario runs with the workers of the addopts, which every other run of the project has. */
function withOthers(context: AuditContext, naming: readonly ScenarioResult[], addopts: string): Finding {
  const [first] = naming;
  const count = countIn(first!.command!);
  const ran = first!.pytest?.configuration.workers;
  return {
    kind: 'opportunity',
    message: `Take \`-n ${count}\` out of the command of ${first!.name}, or change the addopts: the project's own runs have \`-n ${addopts}\` from its addopts, and no scenario measures that.`,
    evidence: [
      ...naming.map(countWords),
      ...(ran === undefined ? [] : [`${first!.name} ran with ${ran} workers and not with \`-n ${addopts}\``]),
      ...(addopts === 'auto' || addopts === 'logical'
        ? [`\`-n ${addopts}\` is as many workers as a machine has CPUs: the two differ from machine to machine`]
        : []),
    ],
    where: placeOfAddopts(context),
    saves: null,
    remedy: commands(context, [first!], commandWithoutCount),
  };
}

function countWords({ name, command }: ScenarioResult): string {
  return `${name} names \`-n ${countIn(command!)}\`, which counts before the addopts`;
}

function placeOfAddopts({ facts }: AuditContext) {
  return placeOf(facts.projectFiles, { kind: 'pytestOption', name: 'addopts' });
}

function commands(
  { plan }: AuditContext,
  changed: readonly ScenarioResult[],
  change: (command: readonly string[]) => readonly string[],
) {
  const set = changed.map(({ name, command }) => [
    `scenarios[${plan.scenarios.findIndex((each) => each.name === name)}].command`,
    commandText(change(command!)),
  ]);
  return { kind: 'planOverride', set: Object.fromEntries(set) as Record<string, string> } as const;
}

function wordsOfAddopts(scenarios: readonly ScenarioResult[]): readonly string[] | null {
  return scenarios.find(({ pytest }) => pytest !== null)?.pytest?.configuration.addopts ?? null;
}
