import type { TrialRecord } from '../../../model/run.ts';
import { type Audit, failedTrials, scenarioNames } from '../audit.ts';
import { listOf } from '../../../format/list-of.ts';

/** The kernel's own count, since a suite that may not fork fails of whatever it wanted the process for. */
export const processLimit: Audit = {
  id: 'process-limit',
  title: 'The tests reached the limit of processes',
  ok: 'No failed trial was refused a process.',
  requires: ['trials', 'resources'],
  audit: (context) => {
    const affected = failedTrials(context).flatMap((trial) => {
      const refusing = refusals(trial);
      return refusing.length === 0 ? [] : [{ trial, refusing }];
    });
    if (affected.length === 0) return [];
    const services = [...new Set(affected.flatMap(({ refusing }) => refusing.map(({ service }) => service)))];
    return [
      {
        kind: 'problem',
        message: `${scenarioNames(affected.map(({ trial }) => trial))} ran into the limit of processes of ${listOf(services)}: raise \`pids_limit\` in the compose file, or run with fewer workers (-n).`,
        evidence: affected.flatMap(({ trial: { scenarioName, trial }, refusing }) =>
          refusing.map(
            ({ service, refusedPids, peakPids }) =>
              `${scenarioName}, trial ${trial}: ${service} was refused a process or thread ${times(refusedPids)}${peakPids === null ? '' : `; it had ${peakPids} at most`}`,
          ),
        ),
      },
    ];
  },
};

function refusals({ profile }: TrialRecord) {
  return (profile?.resources?.containers ?? []).flatMap(({ service, refusedPids, peakPids }) =>
    refusedPids !== null && refusedPids > 0 ? [{ service, refusedPids, peakPids }] : [],
  );
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
