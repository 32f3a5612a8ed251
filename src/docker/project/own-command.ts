/** What the test service runs by itself, and whether that can be tests at all. */
import type { ComposeService } from '../compose/compose-model.ts';
import type { ImageFacts } from '../engine/engine.ts';

export type OwnCommand =
  /** Whatever it is, it may run tests. */
  | { readonly kind: 'command'; readonly words: readonly string[] }
  /** A program without anything to do, such as the `python3` of the official image: it ends at once, or waits. */
  | { readonly kind: 'idle'; readonly words: readonly string[] }
  | { readonly kind: 'none' };

/** As the engine combines them: an `entrypoint` of the service also replaces the image's CMD. */
export function ownCommandOf(
  service: Pick<ComposeService, 'entrypoint' | 'command'> | undefined,
  image: Pick<ImageFacts, 'entrypoint' | 'cmd'> | null,
): OwnCommand {
  const entrypoint = service?.entrypoint ?? image?.entrypoint ?? [];
  const inherited = service?.entrypoint == null ? (image?.cmd ?? []) : [];
  const words = [...entrypoint, ...(service?.command ?? inherited)];
  if (words.length === 0) return { kind: 'none' };
  return { kind: isIdle(words) ? 'idle' : 'command', words };
}

/** What only starts another program. */
const STARTERS = /^(?:.*\/)?(?:tini|tini-static|dumb-init|docker-init|catatonit|env|exec)$/;
const SHELL = /^(?:.*\/)?(?:sh|bash|dash|ash|zsh)$/;
/** Interpreters that read a program from standard input, which is empty. */
const INTERPRETER = /^(?:.*\/)?(?:i?python(?:\d+(?:\.\d+)*)?|node|irb|iex|jshell|julia|php|R|ghci)$/;
/** Options with which they still read standard input. */
const INTERACTIVE_OPTION = /^(?:-|-[abdeilquvx]+|--login|--interactive|--norc|--noprofile)$/;
const WAITING = /^(?:.*\/)?(?:sleep|cat|true|:)$/;
const QUOTED_OR_COMBINED = /[;&|<>$`"'\\(){}*?\n]/;

function isIdle(words: readonly string[]): boolean {
  const [program = '', ...rest] = words;
  if (STARTERS.test(program)) {
    const options = rest.findIndex((word) => !word.startsWith('-') && !word.includes('='));
    return options !== -1 && isIdle(rest.slice(options));
  }
  if (SHELL.test(program)) {
    const script = scriptOf(rest);
    if (script === null) return rest.every((word) => INTERACTIVE_OPTION.test(word));
    return script === '' || (!QUOTED_OR_COMBINED.test(script) && isIdle(script.split(/\s+/)));
  }
  if (/^(?:.*\/)?tail$/.test(program)) return rest.includes('/dev/null');
  if (WAITING.test(program)) return program.endsWith('cat') ? rest.length === 0 : true;
  return INTERPRETER.test(program) && rest.every((word) => INTERACTIVE_OPTION.test(word));
}

/** The text after `-c`; null if there is no such option. */
function scriptOf(words: readonly string[]): string | null {
  const at = words.findIndex((word) => /^-[a-z]*c$/.test(word));
  return at === -1 ? null : (words[at + 1] ?? '').trim();
}
