import { figure } from '../../../format/figure.ts';
import { type Audit, failedTrials, scenarioNames } from '../audit.ts';

export const memoryLimit: Audit = {
  id: 'memory-limit',
  title: 'The tests ran out of memory',
  ok: 'No trial ran out of memory.',
  requires: ['trials'],
  audit: (context) => {
    const affected = failedTrials(context).filter(({ outcome }) => outcome === 'outOfMemory');
    if (affected.length === 0) return [];
    const limits = affected.map(({ lane }) => lane.memoryBytes).filter((bytes) => bytes !== null);
    const remedy =
      limits.length > 0
        ? `Give its lane more than ${figure(Math.min(...limits), 'byte')} (\`lanes.memory\`), or run it with fewer workers (-n).`
        : 'The machine itself, or a limit in the compose file, was too small: run it with fewer workers (-n), or give it more memory.';
    return [
      {
        kind: 'problem',
        message: `${scenarioNames(affected)} ran out of memory. ${remedy}`,
        evidence: affected.map(
          ({ scenarioName, trial, reason, exitCode }) =>
            `${scenarioName}, trial ${trial}: ${reason ?? `exit code ${exitCode}`}`,
        ),
      },
    ];
  },
};
