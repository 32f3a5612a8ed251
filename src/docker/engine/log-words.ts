/** Messages about a log that cannot be read. */
import type { LogTail, NoLogs } from './engine.ts';

/** Why there is no log, as half a sentence. */
export function whyNoLogs({ driver }: NoLogs): string {
  return `its logging driver \`${driver}\` does not keep a log that the engine can read`;
}

/** The text, or one line in its place. */
export function tailText(tail: LogTail): string {
  return tail.kind === 'text' ? tail.text : `There is no log: ${whyNoLogs(tail)}.`;
}
