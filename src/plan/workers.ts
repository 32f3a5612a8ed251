/** How many pytest workers a command asks for (pytest-xdist's -n), as far as the command alone tells. */

export type Workers =
  | { readonly kind: 'count'; readonly count: number }
  /** As many as the machine has CPUs, up to a maximum. */
  | { readonly kind: 'auto'; readonly most: number | null }
  /** Another program is started, or it cannot be seen which one: the service's own command, a script, tox. */
  | { readonly kind: 'unknown' };

const PYTEST = /^(?:.*\/)?(?:pytest|py\.test)$/;
const SHELL = /^(?:.*\/)?(?:sh|bash|dash|ash|zsh)$/;

/** @param command an argument vector; null is the test service's own command */
export function workersOf(command: readonly string[] | null): Workers {
  const words = (command ?? []).flatMap((word) => (isScript(command) ? word.split(/[\s'"]+/) : [word]));
  const pytest = words.findIndex((word) => PYTEST.test(word));
  if (pytest === -1) return { kind: 'unknown' };
  const options = words.slice(pytest + 1);
  const asked = lastValue(options, /^(?:-n|--numprocesses)(?:=?(.+))?$/);
  if (asked === null) return { kind: 'count', count: 1 };
  if (/^\d+$/.test(asked)) return { kind: 'count', count: Math.max(1, Number(asked)) };
  const most = lastValue(options, /^--maxprocesses(?:=(.+))?$/);
  return { kind: 'auto', most: most !== null && /^[1-9]\d*$/.test(most) ? Number(most) : null };
}

function isScript(command: readonly string[] | null): boolean {
  return SHELL.test(command?.[0] ?? '');
}

/** The value of an option, in the same word or the next; the last one counts, as with pytest. */
function lastValue(words: readonly string[], option: RegExp): string | null {
  let value: string | null = null;
  for (const [index, word] of words.entries()) {
    const match = option.exec(word);
    if (match !== null) value = match[1] ?? words[index + 1] ?? null;
  }
  return value;
}
