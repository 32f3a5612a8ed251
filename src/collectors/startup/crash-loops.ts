/** Detects services in a crash loop, as opposed to services that restart until their dependencies are ready. */
import type { ContainerFacts } from '../../docker/engine/engine.ts';

/** With fewer restarts, a service may only be a moment earlier than its database. A judgement. */
const RESTARTS = 3;

export interface CrashLoops {
  /**
   * To be called at each look. A service is in a loop if it was restarted three times since the set of ready services
   * last changed: before that, it may have waited for one of them. Nothing is found while any other service is still
   * starting.
   */
  found(
    containers: ReadonlyMap<string, readonly ContainerFacts[]>,
    ready: readonly string[],
  ): { readonly service: string; readonly container: ContainerFacts; readonly restarts: number } | null;
}

export function createCrashLoops(): CrashLoops {
  let readyBefore = '';
  let countsThen = new Map<string, number>();
  return {
    found: (containers, ready) => {
      const readyNow = ready.toSorted().join('\n');
      if (readyNow !== readyBefore) countsThen = restartCounts(containers);
      readyBefore = readyNow;
      // A container that is created and not started waits for others. Those count.
      const pending = [...containers]
        .filter(([service]) => !ready.includes(service))
        .flatMap(([service, own]) => own.map((container) => ({ service, container })))
        .filter(({ container: { state } }) => state.status !== 'created');
      const looping = pending.filter(
        ({ container: { id, restartCount } }) => restartCount - (countsThen.get(id) ?? 0) >= RESTARTS,
      );
      const [first] = looping;
      return first === undefined || looping.length < pending.length
        ? null
        : { ...first, restarts: first.container.restartCount };
    },
  };
}

function restartCounts(containers: ReadonlyMap<string, readonly ContainerFacts[]>): Map<string, number> {
  return new Map([...containers.values()].flat().map(({ id, restartCount }) => [id, restartCount] as const));
}
