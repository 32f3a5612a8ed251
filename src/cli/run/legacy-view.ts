/** Prints the progress lines of the legacy script on stdout when the phases start. */
import type { Progress } from '../../model/progress.ts';
import type { StepUsage } from './usage.ts';
import type { ProgressView } from './progress-view.ts';

/** In the script's order. A phase that the project does not have is announced together with the next one, as in the script. */
const PHASES = [
  { line: 'Building Docker image...', step: 'build:' },
  { line: 'Starting services...', step: 'startup' },
  { line: 'Running tests...', step: 'trial:' },
] as const;

/** All other progress goes to `view`. */
export class LegacyView implements ProgressView {
  readonly #out: (text: string) => void;
  readonly #view: ProgressView;
  #announced = 0;

  constructor(out: (text: string) => void, view: ProgressView) {
    this.#out = out;
    this.#view = view;
  }

  show(progress: Progress): void {
    const begun = PHASES.findLastIndex(({ step }) =>
      progress.steps.some(({ id, state }) => id.startsWith(step) && state !== 'pending'),
    );
    for (const { line } of PHASES.slice(this.#announced, begun + 1)) this.#out(`${line}\n`);
    this.#announced = Math.max(this.#announced, begun + 1);
    this.#view.show(progress);
  }

  showUsage(usage: StepUsage): void {
    this.#view.showUsage?.(usage);
  }

  line(text: string): void {
    this.#view.line(text);
  }

  close(): void {
    this.#view.close();
  }
}
