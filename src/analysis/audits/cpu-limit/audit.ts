import type { ContainerResources } from '../../../model/profile/trial-resources.ts';
import type { RunFacts } from '../../../model/run.ts';
import { figure } from '../../../format/figure.ts';
import { removeComposeKey } from '../../patches/compose-edit.ts';
import { makePatch } from '../../patches/make-patch.ts';
import { placeOf } from '../../place-of.ts';
import { type Audit, type AuditContext, type Finding, savesBetween } from '../audit.ts';

export const WORTH_SECONDS = 1;
export const WORTH_SHARE = 0.05;

const KEYS = [['cpus'], ['deploy', 'resources', 'limits', 'cpus'], ['cpu_quota']] as const;

/** A limit that the project sets itself makes the container wait for its next share, while CPUs are idle. */
export const cpuLimit: Audit = {
  id: 'cpu-limit',
  title: "A CPU limit of the project's own slows the tests",
  ok: 'No container was held back by a CPU limit for a noticeable time.',
  requires: ['resources'],
  audit: (context) => {
    const primary = context.plan.scenarios.find(({ primary }) => primary);
    const trial = context.facts.trials.find(
      ({ scenarioId, profile, kind }) =>
        scenarioId === primary?.id && kind === 'measured' && profile?.resources !== undefined,
    );
    const seconds = trial?.seconds ?? null;
    if (seconds === null) return [{ kind: 'inconclusive', reason: 'No trial of the primary scenario ran to its end.' }];
    const containers = trial?.profile?.resources?.containers ?? [];
    return containers
      .filter(
        ({ throttledSeconds }) =>
          throttledSeconds !== null && throttledSeconds >= Math.max(WORTH_SECONDS, WORTH_SHARE * seconds),
      )
      .flatMap((container) => finding(context, container, seconds));
  },
};

function finding(
  { facts, plan }: AuditContext,
  { service, throttledSeconds, cpuSeconds }: ContainerResources,
  seconds: number,
): Finding[] {
  const key = keyOf(facts, service);
  if (key === null) return [];
  const files = facts.projectFiles;
  const edit = removeComposeKey(files, service, key);
  const patch = edit === null ? null : makePatch(files, [edit]);
  // Several threads wait at the same time, and a trial cannot be shorter than what its CPU time needs.
  const value = Math.min(throttledSeconds ?? 0, Math.max(0, seconds - (cpuSeconds ?? 0)));
  if (value < WORTH_SECONDS) return [];
  return [
    {
      kind: 'opportunity',
      message: `Remove the CPU limit of ${service}: it waited for its own limit for ${figure(throttledSeconds ?? 0, 'second')} while the tests ran.`,
      evidence: [
        `the trial took ${figure(seconds, 'second')}, and ${service} used ${figure(cpuSeconds ?? 0, 'second')} of CPU time`,
      ],
      where: placeOf(files, { kind: 'composeKey', service, key }),
      saves: savesBetween(
        'test.duration',
        { value, low: value * 0.6, high: value * 1.1 },
        plan.scenarios.find(({ primary }) => primary)?.name ?? null,
      ),
      remedy:
        patch === null
          ? { kind: 'steps', steps: [`Remove ${key.join('.')} of ${service}.`] }
          : { kind: 'patch', patch },
    },
  ];
}

function keyOf({ projectFiles }: RunFacts, service: string): readonly string[] | null {
  return KEYS.find((key) => placeOf(projectFiles, { kind: 'composeKey', service, key }) !== null) ?? null;
}
