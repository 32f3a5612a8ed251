import type { RunFacts } from '../../../model/run.ts';
import { figure } from '../../../format/figure.ts';
import { removeComposeKey } from '../../patches/compose-edit.ts';
import { makePatch } from '../../patches/make-patch.ts';
import { placeOf } from '../../place-of.ts';
import { type Audit, type Finding, savesBetween } from '../audit.ts';

/** Less is within the noise of a build. */
export const WORTH_SECONDS = 1;

/** A cache that is imported and exported pays only if the steps that it saves take longer. */
export const costlyCache: Audit = {
  id: 'costly-cache',
  title: 'The exported build cache costs more than it saves',
  ok: 'No exported build cache costs more than it saves.',
  requires: ['builds'],
  audit: ({ facts }) => {
    const images = facts.builds.flatMap(({ mode, images }) => images.map((image) => ({ mode, image })));
    const used = images.filter(({ image }) => cacheSeconds(image.profile) > 0);
    if (used.length === 0) return [];
    return used
      .filter(({ mode }) => mode === 'cold')
      .flatMap(({ image }) => finding(facts, image.services[0] ?? '', image.profile));
  },
};

type Profile = RunFacts['builds'][number]['images'][number]['profile'];

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
  const edits = (['cache_to', 'cache_from'] as const).flatMap(
    (key) => removeComposeKey(facts.projectFiles, service, ['build', key]) ?? [],
  );
  const patch = makePatch(facts.projectFiles, edits);
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
      remedy:
        patch === null
          ? { kind: 'steps', steps: [`Remove build.cache_to and build.cache_from of ${service}.`] }
          : { kind: 'patch', patch },
    },
  ];
}
