/** Every trial of every scenario. */
import type { RunResult, ScenarioResult, TrialResult } from '../../model/result.ts';
import {
  type Cell,
  code,
  type Inline,
  item,
  list,
  type ListItem,
  quantity,
  quantityOrNull,
  seconds,
  table,
} from '../blocks.ts';
import { commandText } from '../../plan/command-text.ts';
import { testCounts } from '../text/test-counts.ts';
import type { SectionMaker } from './section.ts';

export const trials: SectionMaker = {
  id: 'trials',
  title: 'Trials',
  folded: true,
  make: ({ scenarios }: RunResult) => {
    const rows = scenarios.flatMap((scenario) => scenario.trials.map((trial) => cells(scenario, trial)));
    if (rows.length === 0) return {};
    const columns = ['Scenario', '>Trial', '>Try', '>Time', '>Exit', 'Outcome', 'Tests', 'CPUs', 'Concurrent', 'Host'];
    return {
      details: [...list([...scenarios.map(commandItem), ...scenarios.flatMap(spread)]), ...table(columns, rows)],
    };
  },
};

function commandItem({ name, command }: ScenarioResult): ListItem {
  return item([`${name}: `, command === null ? "the test service's own command" : code(commandText(command))]);
}

/** How far the figure of several trials can be trusted. */
function spread({ name, interval, samples, minimumDetectableEffect }: ScenarioResult): readonly ListItem[] {
  if (interval === null) return [];
  const effect: Inline =
    minimumDetectableEffect === null
      ? ''
      : ['; a difference of ', seconds(minimumDetectableEffect), ' or more would show'];
  return [
    item([
      `${name}: the median of ${samples} trials is between `,
      seconds(interval.low),
      ' and ',
      seconds(interval.high),
      ' (',
      quantity(interval.coverage, 'ratio'),
      ')',
      effect,
    ]),
  ];
}

function cells({ name }: ScenarioResult, trial: TrialResult): readonly Cell[] {
  const { kind, tests, testsReason, outcome, reason, disturbed, lane, concurrentWith, hostId } = trial;
  return [
    name,
    `${trial.trial}${kind === 'warmup' ? ' (warm-up)' : ''}`,
    String(trial.try),
    quantityOrNull(trial.seconds, 'second'),
    trial.exitCode === null ? null : String(trial.exitCode),
    [reason ?? outcome, disturbed].filter((text) => text !== null).join('; disturbed: '),
    tests === null ? testsReason : testCounts(tests),
    lane.cpus.length === 0 ? null : lane.cpus.join(', '),
    concurrentWith.length === 0 ? null : concurrentWith.map((each) => `${each.scenario} (${each.trial})`).join(', '),
    hostId,
  ];
}
