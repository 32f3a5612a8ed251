import type { Remedy } from '../../../model/result.ts';
import type { ImageBuild, RunFacts } from '../../../model/run.ts';
import { figure } from '../../../format/figure.ts';
import { removeComposeKey } from '../../patches/compose-edit.ts';
import { makePatch } from '../../patches/make-patch.ts';
import { placeOf } from '../../place-of.ts';
import { hasComposeKey } from '../../project-files/compose.ts';
import { type Audit, type Finding, savesBetween } from '../audit.ts';

/** Less is within the noise of a build. */
export const WORTH_SECONDS = 1;

/** A cold build that takes less has little to save; reading and writing a cache takes some seconds of its own. */
export const LITTLE_SECONDS = 5;

/**
 * A cache that is imported and exported pays only if the steps that it saves take longer. Builds of a run do not use it
 * (docs/decisions/0017), so its own seconds are not known: what it can save at most is.
 */
export const costlyCache: Audit = {
  id: 'costly-cache',
  title: 'An exported build cache has little to save',
  ok: 'No exported build cache has little to save.',
  requires: ['builds'],
  audit: ({ facts }) => {
    const images = facts.builds.flatMap(({ mode, images }) => images.map((image) => ({ mode, image })));
    const used = images.filter(({ image }) => cacheSeconds(image.profile) > 0);
    const quick = images.filter(({ mode, image }) => mode === 'cold' && cacheSeconds(image.profile) === 0);
    if (used.length === 0) return quick.flatMap(({ image }) => littleToSave(facts, image));
    return used
      .filter(({ mode }) => mode === 'cold')
      .flatMap(({ image }) => finding(facts, image.services[0] ?? '', image.profile));
  },
};

/** No seconds are promised, since none of the cache itself were measured. */
function littleToSave(facts: RunFacts, { services, seconds }: ImageBuild): Finding[] {
  if (seconds >= LITTLE_SECONDS) return [];
  const service = services.find((each) => hasComposeKey(facts.projectFiles, each, ['build', 'cache_to']));
  if (service === undefined) return [];
  return [
    {
      kind: 'opportunity',
      message: `Check whether the exported cache of ${service} pays: its whole build takes ${figure(seconds, 'second')} without any cache, so each build can save no more than that by reading and writing one.`,
      evidence: [
        `the cold build took ${figure(seconds, 'second')}`,
        'how long cache_from and cache_to take was not measured: builds of a run do not use them',
      ],
      where: placeOf(facts.projectFiles, { kind: 'composeKey', service, key: ['build', 'cache_to'] }),
      saves: null,
      remedy: removal(facts, service),
    },
  ];
}

function removal(facts: RunFacts, service: string): Remedy {
  const edits = (['cache_to', 'cache_from'] as const).flatMap(
    (key) => removeComposeKey(facts.projectFiles, service, ['build', key]) ?? [],
  );
  const patch = makePatch(facts.projectFiles, edits);
  return patch === null
    ? { kind: 'steps', steps: [`Remove build.cache_to and build.cache_from of ${service}.`] }
    : { kind: 'patch', patch };
}

type Profile = ImageBuild['profile'];

function cacheSeconds(profile: Profile): number {
  return (profile?.cacheImportSeconds ?? 0) + (profile?.cacheExportSeconds ?? 0);
}

function finding(facts: RunFacts, service: string, profile: Profile): Finding[] {
  const spent = cacheSeconds(profile);
  const rebuilt = (profile?.steps ?? []).reduce(
    (sum, { ofDockerfile, seconds }) => sum + (ofDockerfile ? seconds : 0),
    0,
  );
  const value = spent - rebuilt;
  if (value < WORTH_SECONDS) return [];
  return [
    {
      kind: 'opportunity',
      message: `Remove cache_to and cache_from from the build of ${service}: importing and exporting takes longer than all steps of the build.`,
      evidence: [
        `the cache took ${figure(spent, 'second')}`,
        `all steps of the Dockerfile took ${figure(rebuilt, 'second')}`,
      ],
      where: placeOf(facts.projectFiles, { kind: 'composeKey', service, key: ['build', 'cache_to'] }),
      saves: savesBetween('build.cold.duration', { value: spent, low: value, high: spent }),
      remedy: removal(facts, service),
    },
  ];
}
