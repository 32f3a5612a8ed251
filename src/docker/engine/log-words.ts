/** How a missing log is told. */
import type { LogTail, NoLogs } from './engine.ts';

/** Why there is no log, as half a sentence. */
export function whyNoLogs({ driver }: NoLogs): string {
  return `its logging driver \`${driver}\` keeps none that the engine can read`;
}

/** The text, or one line in its place. */
export function tailText(tail: LogTail): string {
  return tail.kind === 'text' ? tail.text : `There is no log: ${whyNoLogs(tail)}.`;
}
