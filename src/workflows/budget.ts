/** A time budget: at its end, running work is cancelled, and everything measured so far counts. */
import { CancellationScope, isCancellation } from '@temporalio/workflow';

export class Budget {
  readonly #endsAtMs: number | null;

  /** @param seconds null: none */
  constructor(seconds: number | null) {
    this.#endsAtMs = seconds === null ? null : Date.now() + seconds * 1_000;
  }

  /** @returns `over` if there was no time, or not enough */
  async within<T>(work: () => Promise<T>): Promise<T | 'over'> {
    if (this.#endsAtMs === null) return work();
    const remainingMs = this.#endsAtMs - Date.now();
    if (remainingMs <= 0) return 'over';
    const asked = CancellationScope.current();
    const scope = new CancellationScope({ cancellable: true, timeout: remainingMs });
    try {
      return await scope.run(work);
    } catch (error) {
      if (isCancellation(error) && scope.consideredCancelled && !asked.consideredCancelled) return 'over';
      throw error;
    }
  }
}
