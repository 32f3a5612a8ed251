import { type Audit, failedWith, scenarioNames } from '../audit.ts';

/** With --strict-markers pytest refuses a marker that the project has not registered, and runs nothing at all. */
export const unregisteredMarker: Audit = {
  id: 'unregistered-marker',
  title: 'A marker is not registered',
  ok: 'No trial failed because of a marker that is not registered.',
  requires: ['trials'],
  audit: (context) => {
    const found = failedWith(context, 'unregisteredMarker');
    return [...new Set(found.map(({ hint }) => hint.marker))].map((marker) => {
      const affected = found.filter(({ hint }) => hint.marker === marker);
      const names = scenarioNames(affected.map(({ trial }) => trial));
      return {
        kind: 'problem',
        message:
          `Register the marker \`${marker}\` under \`markers\` in the project's pytest configuration; ` +
          `without it ${names} cannot run. If no test is marked ${marker}, leave the scenario out of paceline.yml.`,
        evidence: [`${names}: the marker \`${marker}\` is not registered`],
      };
    });
  },
};
