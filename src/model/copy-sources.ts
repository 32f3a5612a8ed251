/** What a COPY or ADD takes from the build context. */

/**
 * @param words the instruction's words after its flags
 * @returns its sources without the destination, as they are written; no here-documents
 */
export function sourcesOf(words: string): readonly string[] {
  return wordsOf(words)
    .slice(0, -1)
    .filter((word) => !word.startsWith('<<'));
}

/** The words of an instruction after its flags, in the plain or the JSON form: its sources, then its destination. */
export function wordsOf(words: string): readonly string[] {
  const json = /^\s*\[([\s\S]*)\]\s*$/.exec(words)?.[1];
  if (json === undefined) return words.trim().split(/\s+/);
  return [...json.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, part = '']) => part.replaceAll(/\\(.)/g, '$1'));
}

/**
 * Whether a source takes a path of the context: by itself, by a folder above it, or by a pattern (`*`, `?`, `[a-z]`). What a variable
 * stands for is not known, so it matches every name.
 */
export function takes(source: string, path: string): boolean {
  const pattern = cleaned(source);
  if (pattern === '') return true;
  const names = pattern.split('/');
  const parts = path.split('/').filter((part) => part !== '');
  return names.length <= parts.length && names.every((name, index) => nameMatches(name, parts[index] ?? ''));
}

function cleaned(source: string): string {
  return source
    .replaceAll(/^["']|["']$/g, '')
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

function nameMatches(pattern: string, name: string): boolean {
  if (pattern === name || pattern.includes('$')) return true;
  if (!/[*?[\\]/.test(pattern)) return false;
  const source = pattern.replaceAll(/\*+|\?|\[\^?[^\]]+\]|\\.|[^*?[\\]+|[[\\]/gs, (token) => {
    if (token.startsWith('*')) return '.*';
    if (token === '?') return '.';
    if (token.length > 2 && token.startsWith('[')) return token;
    return (token.length === 2 && token.startsWith('\\') ? token.slice(1) : token).replaceAll(
      /[.+^${}()|[\]\\*?/-]/g,
      '\\$&',
    );
  });
  try {
    return new RegExp(`^${source}$`, 's').test(name);
  } catch {
    return false;
  }
}
