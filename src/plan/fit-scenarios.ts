/** Which default scenarios the tests' image can run, and what is measured if it cannot run them all. */
import type { Lack, LeftOut, Plan, PytestPackage, Scenario } from '../model/plan.ts';
import { resolvePlan } from './resolve.ts';
import { OWN_COMMAND } from './schema.ts';

/** What the tests' image has. */
export interface ImageTools {
  /** Whether it has a program of that name. */
  readonly python: boolean;
  /** `installed`: it exists, but the project's configuration keeps pytest from loading it. */
  readonly packages: Readonly<Record<PytestPackage, 'loaded' | 'installed' | 'absent'>>;
  /** Markers of the default scenarios that pytest would refuse. */
  readonly unregisteredMarkers: readonly string[];
}

export interface ImageFacts {
  readonly tools: ImageTools;
  /** Whether the test service has a command of its own that may run tests. */
  readonly hasOwnCommand: boolean;
  /** Where its image is built: relative to the project's folder; null if it is not built from a file here. */
  readonly dockerfile: string | null;
}

/**
 * The plan with those of its default scenarios that the image can run. Where that is not all of them, the test service's
 * own command is the primary scenario; without one it is the first that can run, and where none can, the own command is
 * there to say that there is nothing to run.
 * @param plan one that names no scenarios
 * @returns the same plan where the image can run all
 */
export function fitScenarios(plan: Plan, { tools, hasOwnCommand, dockerfile }: ImageFacts): Plan {
  const judged = plan.scenarios.map((scenario) => ({ scenario, lacks: lacksOf(scenario, tools) }));
  const leftOut = judged.filter(({ lacks }) => lacks.length > 0);
  if (leftOut.length === 0) return plan;
  const runnable = judged.filter(({ lacks }) => lacks.length === 0).map(({ scenario }) => scenario);
  const own = hasOwnCommand || runnable.length === 0 ? [ownCommandOf(plan)] : [];
  return {
    ...plan,
    scenarios: [...own, ...runnable].map((scenario, index) => ({ ...scenario, primary: index === 0 })),
    leftOut: {
      of: plan.scenarios.length,
      scenarios: leftOut.map(({ scenario: { name }, lacks }) => ({ name, lacks })),
      dockerfile,
    } satisfies LeftOut,
  };
}

/** Markers that the scenarios select by. The image is asked about them. */
export function markersOf({ scenarios }: Pick<Plan, 'scenarios'>): string[] {
  return [...new Set(scenarios.flatMap(({ command }) => markersIn(command ?? [])))];
}

function ownCommandOf({ project }: Plan): Scenario {
  const [scenario] = resolvePlan({ scenarios: [OWN_COMMAND] }, { folderName: project }).scenarios;
  return scenario!;
}

const OPTIONS: readonly { readonly option: RegExp; readonly name: PytestPackage }[] = [
  { option: /^pytest$/, name: 'pytest' },
  { option: /^-n$/, name: 'pytest-xdist' },
  { option: /^--cov(?:=|$)/, name: 'pytest-cov' },
];

function lacksOf({ command }: Scenario, tools: ImageTools): Lack[] {
  const words = command ?? [];
  // Without it the other tools are unknown.
  if (words[0] === 'python' && !tools.python) return [{ kind: 'command', name: 'python' }];
  const packages = OPTIONS.filter(({ option }) => words.some((word) => option.test(word))).flatMap(
    ({ name }): Lack[] =>
      tools.packages[name] === 'loaded'
        ? []
        : [{ kind: tools.packages[name] === 'absent' ? 'package' : 'plugin', name }],
  );
  const markers = markersIn(words)
    .filter((name) => tools.unregisteredMarkers.includes(name))
    .map((name): Lack => ({ kind: 'marker', name }));
  return [...packages, ...markers];
}

const OPERATORS: ReadonlySet<string> = new Set(['not', 'and', 'or']);

/** The names in the expression of pytest's `-m`, which is not that of `python -m pytest`. */
function markersIn(words: readonly string[]): string[] {
  const options = words.slice(words.indexOf('pytest') + 1);
  const at = options.indexOf('-m');
  const expression = at === -1 ? '' : (options[at + 1] ?? '');
  return (expression.match(/\w+/g) ?? []).filter((word) => !OPERATORS.has(word));
}
