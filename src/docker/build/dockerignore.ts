/**
 * Which files of a folder the client leaves out of a build context, by the rules of .dockerignore
 * (https://docs.docker.com/build/concepts/context/#dockerignore-files). Pure.
 */
import type { DockerignorePattern } from '../../model/project-files.ts';

export interface IgnoreRules {
  /** @param path relative to the context, with forward slashes */
  readonly ignores: (path: string) => boolean;
  /** A rule with `!` exists, so an ignored folder may contain a file that is not ignored. */
  readonly hasExceptions: boolean;
}

/** The last rule that matches a path or one of its parent folders decides. An invalid pattern matches nothing. */
export function readDockerignore(text: string): IgnoreRules {
  const rules = readPatterns(text).flatMap(ruleOf);
  return {
    hasExceptions: rules.some(({ takesBack }) => takesBack),
    ignores: (path) => rules.findLast(({ pattern }) => pattern.test(path))?.takesBack === false,
  };
}

/** The patterns as they are written, each with its line (from 1). */
export function readPatterns(text: string): readonly DockerignorePattern[] {
  return text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .flatMap((written, index) => {
      const line = written.trim();
      if (written.startsWith('#') || line === '') return [];
      const negated = line.startsWith('!');
      return [{ line: index + 1, pattern: negated ? line.slice(1).trim() : line, negated }];
    });
}

interface Rule {
  readonly takesBack: boolean;
  readonly pattern: RegExp;
}

function ruleOf({ pattern: written, negated: takesBack }: DockerignorePattern): Rule[] {
  const path = cleaned(written);
  if (path === '') return [];
  try {
    const pattern = new RegExp(`^${source(path)}(/.*)?$`, 's');
    // A file that is too large is refused only when it is used.
    pattern.test('');
    return [{ takesBack, pattern }];
  } catch {
    return [];
  }
}

/** Without empty parts, `.` and `..`, as Go's filepath.Clean does it; empty for the context itself. */
function cleaned(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part === '..' && path.startsWith('/')) continue;
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** `**` any folders, or at the end anything; `*` and `?` within a name, `[a-z]`, `\\` takes a character as it is. */
function source(pattern: string): string {
  return pattern.replaceAll(/\*\*$|\*\*\/?|\*|\?|\[[^\]]*\]|\\.|[^*?[\\]/gs, (token: string, at: number) => {
    if (token === '**/') return '(.*/)?';
    if (token === '**') return at + 2 === pattern.length ? '.*' : '(.*/)?';
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (token.startsWith('[')) return token;
    return (token.length === 2 ? token.slice(1) : token).replaceAll(/[.+^${}()|[\]\\*?/-]/g, '\\$&');
  });
}
