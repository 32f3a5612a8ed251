/** What a build is made from, for the question why a step missed the cache. */
import { join } from 'node:path';
import type { BuildInputs } from '../../model/profile/build-profile.ts';
import { dockerfileText, type OrderedBuild } from './base-images.ts';
import type { ImageFacts } from '../engine/engine.ts';
import { contextEntries } from './build-context.ts';
import { type FileDigests, shortDigest } from './file-digests.ts';
import { readInstructions } from './instructions.ts';

const MOST_FILES = 5_000;
const MOST_INSTRUCTIONS = 1_000;

/** @param images the images that its FROM and --from name, with the digest that was used */
export async function buildInputs(
  build: OrderedBuild,
  { images, digests }: { readonly images: BuildInputs['images']; readonly digests: FileDigests },
): Promise<BuildInputs> {
  const entries = (await contextEntries(build)) ?? [];
  const files: [string, string][] = [];
  for (const path of entries.slice(0, MOST_FILES)) {
    const digest = await digests.of(join(build.context, path));
    if (digest !== null) files.push([path, digest]);
  }
  return {
    files,
    filesLeftOut: Math.max(0, entries.length - MOST_FILES),
    args: [...Object.entries(build.args), ...settings(build)].map(([name, value]) => [name, shortDigest(value)]),
    images,
    instructions: instructionDigests((await dockerfileText(build)) ?? ''),
  };
}

/**
 * @param digests by the names under which BuildKit shows the images
 * @returns null for an image that did not come from a registry
 */
export function digestOfRegistry(image: string, digests: ReadonlyMap<string, string>): string | null {
  for (const [name, digest] of digests) if (familiar(name) === familiar(image)) return digest.slice(0, 12);
  return null;
}

function familiar(image: string): string {
  const name = image.replace(/^(?:docker\.io\/)?(?:library\/)?/, '').replace(/@.*$/, '');
  return /:[^/]*$/.test(name) ? name : `${name}:latest`;
}

/** What BuildKit knows a local image by, and what a command in it sees: labels do not count, for each run has its own. */
export function imageDigest({ layers, env, user, workingDirectory }: ImageFacts): string {
  return shortDigest(JSON.stringify([layers, env, user, workingDirectory]));
}

/** Options of the build that change the key of a step, as arguments do. No argument has such a name. */
function settings({ network, platform, extraHosts, target }: OrderedBuild): readonly (readonly [string, string])[] {
  return [
    ...(network === null ? [] : [['--network', network] as const]),
    ...(target === null ? [] : [['--target', target] as const]),
    ...(platform === null ? [] : [['--platform', platform] as const]),
    ...(extraHosts.length === 0 ? [] : [['--add-host', extraHosts.join(' ')] as const]),
  ];
}

/** A digest of each instruction, with its line and keyword. Comments and its position do not change the digest. */
export function instructionDigests(dockerfile: string): BuildInputs['instructions'] {
  return readInstructions(dockerfile)
    .slice(0, MOST_INSTRUCTIONS)
    .map(({ line, keyword, flags, rest, hereDocuments }) => {
      // BuildKit takes a command as it is written, and the words of other instructions.
      const text = keyword === 'RUN' ? rest.trimEnd() : rest.split(/\s+/).join(' ').trim();
      return [line, keyword, shortDigest(JSON.stringify([flags, text, hereDocuments]))];
    });
}
