import { type Audit, failedTrials, outputOf, scenarioNames } from './audit.ts';

/** As pytest says it, and as the trial's reason does where xdist swallowed that. */
const MESSAGE =
  /['"]([\w-]+)['"] not found in [`'"]?markers[`'"]? configuration option|the marker `([\w-]+)` is not registered/;

/** With --strict-markers pytest refuses a marker that the project has not registered, and runs nothing at all. */
export const unregisteredMarker: Audit = {
  id: 'unregistered-marker',
  audit: (context) => {
    const found = failedTrials(context).flatMap((trial) => {
      const match = MESSAGE.exec(outputOf(trial));
      return match === null ? [] : [{ trial, marker: (match[1] ?? match[2])!, line: match[0] }];
    });
    return [...new Set(found.map(({ marker }) => marker))].map((marker) => {
      const affected = found.filter((other) => other.marker === marker);
      const names = scenarioNames(affected.map(({ trial }) => trial));
      return {
        message:
          `Register the marker \`${marker}\` under \`markers\` in the project's pytest configuration; ` +
          `without it ${names} cannot run. If no test is marked ${marker}, leave the scenario out of paceline.yml.`,
        evidence: [`${names}: ${affected[0]!.line}`],
        savedSeconds: null,
      };
    });
  },
};
