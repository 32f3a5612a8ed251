/** The workflows' inputs, which may come straight from Temporal's command line or another language's client. */
import type { BenchmarkInput } from '../model/activities.ts';
import type { Problem } from '../model/failure.ts';
import type { SourceSpec } from '../model/run.ts';
import { folderComplaint, hasPassword } from '../plan/git-url.ts';

export type ReadInput<T> =
  | { readonly kind: 'valid'; readonly input: T }
  | { readonly kind: 'wrong'; readonly problem: Problem };

const SOURCE_KEYS = { path: ['path', 'ref', 'host', 'base'], git: ['git', 'ref', 'path'] } as const;

/** The longest path on Linux. A longer text would also fill every failure that quotes it. */
const MAX_CHARACTERS = 4096;

/** A day. */
const MOST_CONFIRM_SECONDS = 86_400;

/**
 * Checks values that would otherwise fail inside an activity and be retried there. `resolvePlan` checks the plan. An
 * optional key that is null counts as absent, because many clients write it this way.
 */
export function readInput(input: unknown): ReadInput<BenchmarkInput> {
  const given = withoutNulls(input);
  const source = withoutNulls(given?.['source']);
  const wrong = given === null || source === null ? 'names no source' : complaintOfInput(given, source);
  if (wrong !== null) return { kind: 'wrong', problem: problemOf(wrong) };
  const { plan, confirmSeconds } = given ?? {};
  return {
    kind: 'valid',
    input: {
      source: source as unknown as SourceSpec,
      ...(plan === undefined ? {} : { plan }),
      ...(typeof confirmSeconds === 'number' ? { confirmSeconds } : {}),
    },
  };
}

function complaintOfInput(given: object, source: Record<string, unknown>): string | null {
  return (
    unknownKey('the input', given, ['source', 'plan', 'confirmSeconds'] satisfies (keyof BenchmarkInput)[]) ??
    complaintOfSource(source) ??
    complaintOfSeconds((given as Readonly<Record<string, unknown>>)['confirmSeconds'])
  );
}

function complaintOfSeconds(value: unknown): string | null {
  if (value === undefined || (typeof value === 'number' && value >= 1 && value <= MOST_CONFIRM_SECONDS)) return null;
  return `has a \`confirmSeconds\` that is not a number from 1 to ${MOST_CONFIRM_SECONDS}`;
}

/** @returns what is wrong with it, to follow "The input"; null for nothing */
export function complaintOfSource(source: Readonly<Record<string, unknown>>): string | null {
  const unknown = unknownKey('its source', source, 'git' in source ? SOURCE_KEYS.git : SOURCE_KEYS.path);
  if (unknown !== null) return unknown;
  for (const [key, value] of Object.entries(source)) {
    const complaint = complaintOfText(value);
    if (complaint !== null) return `has a source whose \`${key}\` ${complaint}`;
  }
  if (!('path' in source) && !('git' in source)) return 'names no source';
  if ('git' in source && hasPassword(String(source['git']))) {
    return "has a git URL with a password in it, which everyone could read in Temporal's history";
  }
  if ('git' in source && 'path' in source) {
    const complaint = folderComplaint(String(source['path']));
    return complaint === null ? null : `has a \`path\` that ${complaint}`;
  }
  if ('path' in source && !String(source['path']).startsWith('/')) {
    return 'has a relative path, and a worker cannot know what it is relative to';
  }
  return null;
}

export function unknownKey(where: string, value: object, keys: readonly string[]): string | null {
  const found = Object.keys(value).find((key) => !keys.includes(key));
  if (found === undefined) return null;
  return `has the unknown key ${JSON.stringify(found.slice(0, 40))} in ${where}; allowed keys: ${keys.join(', ')}`;
}

/** @returns what is wrong with a name, path or ref; null for nothing */
export function complaintOfText(value: unknown): string | null {
  if (typeof value !== 'string') return 'is not a string';
  if (value === '') return 'is empty';
  if (value.length > MAX_CHARACTERS) return `is longer than ${MAX_CHARACTERS} characters`;
  return /\p{Cc}/u.test(value) ? 'holds a line break or another control character' : null;
}

/** @returns null if the value is not an object */
export function withoutNulls(value: unknown): Record<string, unknown> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null && each !== undefined));
}

function problemOf(what: string): Problem {
  return {
    type: 'WrongUsage',
    what: `The input of \`benchmark\` ${what}.`,
    next: 'Give {"source": {"path": "/absolute/path"}} or {"source": {"git": "URL", "ref": "main"}}; `paceline plan --json` prints one.',
  };
}
