/** Applies flags to a plan as it was written. The outcome is a plan too: it can be printed and given to a workflow. */
import { wrongUsage } from '../model/failure.ts';
import { nearest } from './known-keys.ts';
import { shown } from './quantities.ts';
import { DEFAULT_SCENARIOS, OWN_COMMAND, type PlanInput } from './schema.ts';

/** The flags of `paceline run` and `paceline plan` that override paceline.yml; absent flags change nothing. */
export interface PlanFlags {
  readonly service?: string;
  /** Merged in this order. */
  readonly compose?: readonly string[];
  readonly dockerfile?: string;
  /** Only these scenarios, by name, in the plan's order. */
  readonly scenario?: readonly string[];
  readonly repeat?: number;
  readonly warmup?: number;
  readonly maxTrials?: number;
  readonly seed?: number;
  /** Maximum number of trials at the same time. */
  readonly lanes?: number;
}

/**
 * @param input valid, as `parsePlanInput` gives it; not changed
 * @returns as written too, to be checked again by `resolvePlan`, since flags can be wrong as well
 * @throws PacelineError WrongUsage for a scenario that the plan does not have
 */
export function applyOverrides(input: PlanInput, flags: PlanFlags): PlanInput {
  const { service, dockerfile } = flags;
  const compose = flags.compose?.length === 1 ? flags.compose[0] : flags.compose;
  return {
    ...input,
    ...defined({ service, compose: typeof compose === 'object' ? [...compose] : compose, dockerfile }),
    ...section('trials', input.trials, trialFlags(input, flags)),
    ...section('lanes', input.lanes, defined({ max: flags.lanes })),
    ...scenarioFlags(input, flags),
  };
}

/** A `repeat` above the plan's own `max` raises `max`: a request for ten trials also allows ten. */
function trialFlags({ trials }: PlanInput, { repeat, warmup, seed, maxTrials }: PlanFlags): Partial<Trials> {
  const planned = trials?.max;
  const max = maxTrials ?? (repeat !== undefined && planned !== undefined ? Math.max(repeat, planned) : undefined);
  return defined({ repeat, warmup, max, seed });
}

/** A plan without scenarios has the default ones, and the own command where the image cannot run them all. */
function scenarioFlags(
  { scenarios = [...DEFAULT_SCENARIOS, OWN_COMMAND] }: PlanInput,
  flags: PlanFlags,
): Partial<PlanInput> {
  const chosen = flags.scenario ?? [];
  if (chosen.length === 0) return {};
  const names = scenarios.map(({ name }) => name.trim());
  for (const name of chosen) if (!names.includes(name.trim())) throw unknownScenario(name, names);
  const wanted = new Set(chosen.map((name) => name.trim()));
  return { scenarios: scenarios.filter(({ name }) => wanted.has(name.trim())) };
}

function unknownScenario(name: string, names: readonly string[]) {
  const meant = nearest(name, names);
  const next =
    meant === null ? `Its scenarios are ${names.map((known) => `"${known}"`).join(', ')}.` : `Did you mean "${meant}"?`;
  return wrongUsage(`The plan has no scenario ${shown(name)}.`, next);
}

type Trials = NonNullable<PlanInput['trials']>;

/** A section with its flags; nothing if there are none, so that the plan stays as short as it was. */
function section<K extends 'trials' | 'lanes'>(key: K, planned: PlanInput[K], flags: object): Partial<PlanInput> {
  return Object.keys(flags).length === 0 ? {} : { [key]: { ...planned, ...flags } };
}

function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
