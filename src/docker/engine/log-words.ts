/** What the engine's own messages say about a container's output. */
import type { LogTail, NoLogs } from './engine.ts';

/** Why there is no log, as half a sentence. */
export function whyNoLogs({ driver }: NoLogs): string {
  return `its logging driver \`${driver}\` does not keep a log that the engine can read`;
}

/** If a program is missing, the output is the message of the engine or of compose. */
export function isMissing(program: string, stderr: string): boolean {
  return (
    /executable file not found|no such file or directory|permission denied/i.test(stderr) && stderr.includes(program)
  );
}

/** The text, or one line in its place. */
export function tailText(tail: LogTail): string {
  return tail.kind === 'text' ? tail.text : `There is no log: ${whyNoLogs(tail)}.`;
}
