/** Where what pytest really did is not what a scenario's command says: the project's own options add to it. */
import type { PytestConfiguration } from '../../model/profile/pytest-profile.ts';
import type { PytestSummary, ScenarioResult } from '../../model/result.ts';
import { effectiveWorkers, workersOf, workerWords } from '../audits/workers.ts';

/** One sentence each. None for commands that are not known to run pytest, and for scenarios without an instrumented pytest. */
export function configurationNotes(scenarios: readonly ScenarioResult[]): string[] {
  const primary = scenarios.find((scenario) => scenario.primary);
  return scenarios.flatMap((scenario) => {
    const { command, pytest } = scenario;
    if (command === null || pytest === null || !command.some((word) => /(^|\/)(pytest|py\.test)$/.test(word)))
      return [];
    const seen = { name: scenario.name, command, ...pytest };
    return [
      ...workers(scenario, seen),
      ...coverage(seen),
      ...marks(seen),
      ...order(seen),
      ...sameAsPrimary(seen, primary),
    ];
  });
}

interface Seen extends PytestSummary {
  readonly name: string;
  readonly command: readonly string[];
}

function workers(scenario: ScenarioResult, { name, command, configuration }: Seen): string[] {
  const asked = workersOf(command).count;
  const real = effectiveWorkers(scenario).count;
  if (asked === 'auto' || (asked ?? 0) === real) return [];
  return [
    `${name} ran in ${workerWords(real)}, ${source(configuration, '-n', workersOf(configuration.addopts).count !== null)}.`,
  ];
}

function coverage({ name, command, configuration }: Seen): string[] {
  const isAsked = command.some(isCoverage);
  if (isAsked === configuration.coverage || command.includes('--no-cov')) return [];
  if (isAsked) return [`${name} asks for coverage but ran without it: pytest-cov is not installed or is disabled.`];
  return [`${name} ran with coverage, ${source(configuration, '--cov', configuration.addopts.some(isCoverage))}.`];
}

function isCoverage(word: string): boolean {
  return word === '--cov' || word.startsWith('--cov=');
}

/** The last `-m` wins, so a command's own changes more than it says where the project has one as well. */
function marks({ name, command, configuration }: Seen): string[] {
  const [own, projects] = [marksIn(command), marksIn(configuration.addopts)];
  if (projects === null) return [];
  if (own === null) return [`${name} ran only what matches \`-m '${projects}'\`, as ${place(configuration)} says.`];
  return own === projects
    ? []
    : [
        `${name}: its \`-m '${own}'\` replaces the project's own \`-m '${projects}'\` (${place(configuration)}), so tests that the project normally deselects run as well.`,
      ];
}

/** The value of the last `-m`; not the one of `python -m pytest`. */
function marksIn(words: readonly string[]): string | null {
  const start = words.findIndex((word) => /(^|\/)(pytest|py\.test)$/.test(word)) + 1;
  const options = words.slice(start);
  const at = options.findLastIndex((word) => word === '-m' || /^-m[^-\s]/.test(word));
  const word = options[at];
  if (word === undefined) return null;
  return word === '-m' ? (options[at + 1] ?? null) : word.slice(2).replace(/^=/, '');
}

function order({ name, configuration: { randomOrder } }: Seen): string[] {
  if (randomOrder === null) return [];
  return [`${name}: ${randomOrder} shuffles the tests, so each trial runs them in a different order.`];
}

function sameAsPrimary({ name, command, testSet, configuration }: Seen, primary: ScenarioResult | undefined): string[] {
  if (primary === undefined || primary.pytest === null || primary.name === name) return [];
  // Two runs that broke off before their first test have nothing in common.
  if (testSet.count === 0) return [];
  const own = marksIn(command);
  if (own === null || own === marksIn(primary.command ?? []) || testSet.digest !== primary.pytest.testSet.digest)
    return [];
  const isCoverageAlone = configuration.coverage !== primary.pytest.configuration.coverage;
  const rest = isCoverageAlone ? '; what differs is coverage' : '';
  return [
    `${name} ran the same ${testSet.count} tests as ${primary.name}: \`-m '${own}'\` deselects none here${rest}.`,
  ];
}

function source(configuration: PytestConfiguration, option: string, isInAddopts: boolean): string {
  return isInAddopts
    ? `as \`${option}\` in ${place(configuration)} says, and its command does not`
    : 'which its command does not say';
}

function place({ file }: PytestConfiguration): string {
  const name = file?.split('/').at(-1);
  return name === undefined ? "the project's addopts" : `the project's addopts (${name})`;
}
