/** The cache mounts that a cold build leaves (`RUN --mount=type=cache`). Only the run's namespace identifies them. */

/** Prints every cache mount of the builder, for `cacheMountsOf`. */
export const LIST_CACHE_MOUNTS = ['buildx', 'du', '--verbose', '--filter', 'type=exec.cachemount'] as const;

/** Removes one record of the build cache. */
export function pruneCacheRecord(id: string): readonly string[] {
  return ['buildx', 'prune', '-f', '--filter', `id=${id}`];
}

/**
 * @param output what `buildx du --verbose` prints: blocks of `Key: value` lines, separated by empty lines
 * @param namespace the run's BUILDKIT_CACHE_MOUNT_NS
 * @returns the ids of the records whose mount id is in the namespace
 */
export function cacheMountsOf(output: string, namespace: string): readonly string[] {
  return output
    .split(/\n\s*\n/)
    .map(
      (block) =>
        new Map([...block.matchAll(/^([^:\n]+):[ \t]*(.*)$/gm)].map(([, key = '', value = '']) => [key, value])),
    )
    .flatMap((record) => {
      const id = record.get('ID');
      // The last one counts: the command before it may contain the same words.
      const mountId = [...(record.get('Description') ?? '').matchAll(/ with id "([^"]*)"/g)].at(-1)?.[1];
      return id !== undefined && mountId?.startsWith(`${namespace}/`) === true ? [id] : [];
    });
}
