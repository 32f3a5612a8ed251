/**
 * List scheduling, without Temporal: at most `lanes` pieces of work at a time. A lane that ends one starts the next in
 * the list.
 */

/**
 * The first failure stops the other lanes, and all of them are waited for before it is passed on.
 * @param stop cancels the running lanes
 */
export async function fanOut<T>(
  list: readonly T[],
  lanes: number,
  work: (item: T) => Promise<void>,
  stop: () => void,
): Promise<void> {
  let queue = [...list];
  let first: { error: unknown } | undefined;
  const lane = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  const all = Array.from({ length: lanes }, () =>
    lane().catch((error: unknown) => {
      first ??= { error };
      queue = [];
      stop();
    }),
  );
  await Promise.all(all);
  if (first !== undefined) throw first.error;
}
