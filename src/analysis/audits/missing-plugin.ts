import { type Audit, failedTrials, outputOf, scenarioNames } from './audit.ts';

/** Options that pytest only knows through a plugin, as its usage error names them. */
const PLUGINS: readonly { readonly option: RegExp; readonly plugin: string }[] = [
  { option: /^(?:-n\d*|--numprocesses|--dist|--maxprocesses)(?:=|$)/, plugin: 'pytest-xdist' },
  { option: /^(?:--cov|--no-cov)/, plugin: 'pytest-cov' },
  { option: /^--timeout/, plugin: 'pytest-timeout' },
  { option: /^--reruns/, plugin: 'pytest-rerunfailures' },
];

const MESSAGE = /unrecognized arguments: ([^\n(]+)/;

export const missingPlugin: Audit = {
  id: 'missing-plugin',
  audit: (context) => {
    const trials = failedTrials(context).map((trial) => ({ trial, match: MESSAGE.exec(outputOf(trial)) }));
    return PLUGINS.flatMap(({ option, plugin }) => {
      const affected = trials.filter(({ match }) => match?.[1]?.split(/\s+/).some((word) => option.test(word)));
      if (affected.length === 0) return [];
      return [
        {
          message: `Install ${plugin} in the test image; no test ran without it in ${scenarioNames(affected.map(({ trial }) => trial))}.`,
          evidence: [`pytest: ${affected[0]!.match![0].trim()}`],
          savedSeconds: null,
        },
      ];
    });
  },
};
