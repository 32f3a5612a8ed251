/** Builds as the result has them. Pure. */
import type { BuildFacts, ImageBuild } from '../../model/run.ts';

/** Without what only a later question needs, which facts.json and the store have: the inputs of each build are many lines. */
export function buildsOf(builds: readonly BuildFacts[]): readonly BuildFacts[] {
  return builds.map(({ mode, images, change }) => ({ mode, images: images.map(withoutInputs), change }));
}

function withoutInputs(image: ImageBuild): ImageBuild {
  if (image.profile === null) return image;
  const { inputs: _, ...profile } = image.profile;
  return { ...image, profile };
}
