import type { Attribution } from '../../model/regression.ts';
import type { BuildMode } from '../../model/plan.ts';
import type { RunFacts } from '../../model/run.ts';
import { cleanTrials } from '../trials/trials.ts';

export interface Part {
  readonly kind: Attribution['kind'];
  readonly name: string;
  readonly seconds: number;
}

/** The steps of all images; what came from the cache is in no profile. null where no image has one. */
export function buildParts({ builds }: RunFacts, mode: BuildMode): Part[] | null {
  const images = builds.find((build) => build.mode === mode)?.images ?? [];
  if (images.every(({ profile }) => profile === null)) return null;
  return images.flatMap(({ services, profile }) =>
    (profile?.steps ?? []).map(({ name, seconds }) => ({
      kind: 'step' as const,
      name: `${services.join(', ')}: ${withoutNumber(name)}`,
      seconds,
    })),
  );
}

export function startupParts({ startup }: RunFacts): Part[] | null {
  if (startup === null) return null;
  return startup.services.flatMap(({ service, seconds }) =>
    seconds === null ? [] : [{ kind: 'service' as const, name: service, seconds }],
  );
}

/** Of the first clean trial with a pytest profile: its phases, tests and fixtures. Workers share the time of the tests. */
export function testParts(facts: RunFacts, scenario: string): Part[] | null {
  const pytest = cleanTrials(facts, scenario).find(({ profile }) => profile?.pytest != null)?.profile?.pytest;
  if (pytest == null) return null;
  const workers = Math.max(1, pytest.configuration.workers);
  return [
    ...Object.entries(pytest.path ?? {}).map(([name, seconds]) => ({ kind: 'phase' as const, name, seconds })),
    ...pytest.slowestTests.map(({ id, seconds }) => ({ kind: 'test' as const, name: id, seconds: seconds / workers })),
    ...pytest.fixtures.map(({ name, where, seconds }) => ({
      kind: 'fixture' as const,
      name: where === '' ? name : `${name} (${where})`,
      seconds: seconds / workers,
    })),
  ];
}

/** "[test 3/8] RUN pip install": with one more step before it, it is still the same step. */
function withoutNumber(name: string): string {
  return name.replace(/^\[(?:(\S+) )?\d+\/\d+\] /, (_, stage: string | undefined) =>
    stage === undefined ? '' : `[${stage}] `,
  );
}
