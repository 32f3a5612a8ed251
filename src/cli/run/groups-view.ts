import type { Progress } from '../../model/progress.ts';
import { GROUP_END, groupStart } from '../../report/formats/github.ts';
import { progressEvents } from '../../report/live/progress.ts';
import type { ProgressView } from './progress-view.ts';

/** Steps of one phase share a group: groups cannot be nested, and trials may be concurrent. */
const PHASES = [
  { step: 'prepare', title: 'Prepare' },
  { step: 'build:', title: 'Build images' },
  { step: 'startup', title: 'Start services' },
  { step: 'trial:', title: 'Run tests' },
  { step: 'analysis', title: 'Analyse' },
] as const;

/** Plain lines, grouped by phase for GitHub's log. */
export class GroupsView implements ProgressView {
  readonly #write: (text: string) => void;
  #before: Progress | null = null;
  #open: string | null = null;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  show(progress: Progress): void {
    // The last lines of a phase can arrive with the first ones of the next. Each line goes to the group of its own phase.
    for (const { step, title } of PHASES) {
      const steps = progress.steps.filter(({ id }) => id.startsWith(step));
      const lines = progressEvents(this.#before, { ...progress, steps, notes: [] });
      if (lines.length === 0) continue;
      if (this.#open !== title) this.#enter(title);
      for (const line of lines) this.line(line);
    }
    for (const note of progressEvents(this.#before, { ...progress, steps: [] })) this.line(note);
    this.#before = progress;
  }

  line(text: string): void {
    this.#write(`${text}\n`);
  }

  close(): void {
    if (this.#open !== null) this.line(GROUP_END);
    this.#open = null;
  }

  #enter(title: string): void {
    this.close();
    this.line(groupStart(title));
    this.#open = title;
  }
}
