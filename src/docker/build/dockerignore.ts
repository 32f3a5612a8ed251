/**
 * Which files of a folder the client leaves out of a build context, by the rules of .dockerignore
 * (https://docs.docker.com/build/concepts/context/#dockerignore-files). Pure.
 */

export interface IgnoreRules {
  /** @param path relative to the context, with forward slashes */
  readonly ignores: (path: string) => boolean;
  /** A rule takes something back (`!…`), so a folder that is ignored may hold something that is not. */
  readonly hasExceptions: boolean;
}

/** The last rule that fits a path or one of the folders it lies in decides. A rule that is no pattern fits nothing. */
export function readDockerignore(text: string): IgnoreRules {
  const rules = text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.trim())
    .flatMap(ruleOf);
  return {
    hasExceptions: rules.some(({ takesBack }) => takesBack),
    ignores: (path) => rules.findLast(({ pattern }) => pattern.test(path))?.takesBack === false,
  };
}

interface Rule {
  readonly takesBack: boolean;
  readonly pattern: RegExp;
}

function ruleOf(line: string): Rule[] {
  const takesBack = line.startsWith('!');
  const written = (takesBack ? line.slice(1).trim() : line).replace(/^(\.?\/)+/, '').replace(/\/+(\.)?$/, '');
  if (written === '' || written === '.') return [];
  try {
    const pattern = new RegExp(`^${source(written)}(/.*)?$`, 's');
    // One that is too large is refused only when it is used.
    pattern.test('');
    return [{ takesBack, pattern }];
  } catch {
    return [];
  }
}

/** `**` any folders, `*` and `?` within a name, `[a-z]`, `\\` takes a character as it is. */
function source(pattern: string): string {
  return pattern.replaceAll(/\*\*\/|\*\*|\*|\?|\[[^\]]*\]|\\.|[^*?[\\]/gs, (token) => {
    if (token === '**/') return '(.*/)?';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (token.startsWith('[')) return token;
    return (token.length === 2 ? token.slice(1) : token).replaceAll(/[.+^${}()|[\]\\*?/-]/g, '\\$&');
  });
}
