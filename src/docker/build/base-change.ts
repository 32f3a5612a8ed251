/** A changed base image: the base with a small layer on it, so that every step above it has another origin. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pairs } from '../compose/compose-command.ts';

/**
 * Writes what the derived image is built from. A label alone would not do: BuildKit knows a local image by its layers.
 *
 * @param options.image the base, under a name that the engine has
 * @param options.mark makes the layer one that no build has seen before
 * @returns the arguments after `docker`
 */
export async function baseChangeCommand(options: {
  readonly folder: string;
  readonly image: string;
  readonly tag: string;
  readonly mark: string;
  readonly platform: string | null;
  readonly labels: Readonly<Record<string, string>>;
}): Promise<readonly string[]> {
  const { folder, image, tag, mark, platform, labels } = options;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'mark'), `${mark}\n`);
  await writeFile(join(folder, 'Dockerfile'), `FROM ${image}\nCOPY mark /.paceline-base-change\n`);
  return [
    'buildx',
    'build',
    '--quiet',
    ...(platform === null ? [] : ['--platform', platform]),
    ...pairs('--label', labels),
    '-t',
    tag,
    folder,
  ];
}
