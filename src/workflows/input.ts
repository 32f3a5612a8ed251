/** The workflow's input, which may come straight from Temporal's command line or another language's client. */
import type { BenchmarkInput } from '../model/activities.ts';
import type { Problem } from '../model/failure.ts';
import type { SourceSpec } from '../model/run.ts';
import { hasPassword } from '../plan/git-url.ts';

export type ReadInput =
  | { readonly kind: 'valid'; readonly input: BenchmarkInput }
  | { readonly kind: 'wrong'; readonly problem: Problem };

const SOURCE_KEYS = { path: ['path', 'ref', 'host'], git: ['git', 'ref'] } as const;

/** What a path may be long on Linux; a longer text would also swell every failure that quotes it. */
const MAX_CHARACTERS = 4096;

/**
 * Checks what would otherwise fail far inside an activity and be retried there; the plan is `resolvePlan`'s to check. An
 * optional key that is null counts as not given, since many clients write it so.
 */
export function readInput(input: unknown): ReadInput {
  const given = withoutNulls(input);
  const source = withoutNulls(given?.['source']);
  if (given === null || source === null) return wrong('names no source');
  const unknown =
    unknownKey('the input', given, ['source', 'plan']) ?? unknownKey('its source', source, keysOf(source));
  if (unknown !== null) return wrong(unknown);
  for (const [key, value] of Object.entries(source)) {
    const complaint = complaintOf(value);
    if (complaint !== null) return wrong(`has a source whose \`${key}\` ${complaint}`);
  }
  if (!('path' in source) && !('git' in source)) return wrong('names no source');
  if ('git' in source && hasPassword(String(source['git']))) {
    return wrong('has a git URL with a password in it, which would stay in the history for all to read');
  }
  if ('path' in source && !String(source['path']).startsWith('/')) {
    return wrong('has a relative path, and no worker could tell what it is relative to');
  }
  const plan = given['plan'];
  return { kind: 'valid', input: { source: source as SourceSpec, ...(plan === undefined ? {} : { plan }) } };
}

function keysOf(source: object): readonly string[] {
  return 'git' in source ? SOURCE_KEYS.git : SOURCE_KEYS.path;
}

function unknownKey(where: string, value: object, keys: readonly string[]): string | null {
  const found = Object.keys(value).find((key) => !keys.includes(key));
  if (found === undefined) return null;
  return `has ${JSON.stringify(found.slice(0, 40))} in ${where}, where only ${keys.join(', ')} may stand`;
}

function complaintOf(value: unknown): string | null {
  if (typeof value !== 'string') return 'is no text';
  if (value === '') return 'is empty';
  if (value.length > MAX_CHARACTERS) return `is longer than ${MAX_CHARACTERS} characters`;
  return /\p{Cc}/u.test(value) ? 'holds a line break or another control character' : null;
}

function withoutNulls(value: unknown): Record<string, unknown> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null && each !== undefined));
}

function wrong(what: string): ReadInput {
  return {
    kind: 'wrong',
    problem: {
      type: 'WrongUsage',
      what: `The input of \`benchmark\` ${what}.`,
      next: 'Give {"source": {"path": "/absolute/path"}} or {"source": {"git": "URL", "ref": "main"}}; `paceline plan --json` prints one.',
    },
  };
}
