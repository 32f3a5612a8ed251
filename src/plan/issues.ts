/** Describes what is wrong with a plan: one issue for each place. */
import type { z } from 'zod';
import { keyPaths, knownKeys, nearest } from './known-keys.ts';
import { kindOf, message, splitMessage } from './message.ts';
import { shown } from './quantities.ts';

/** A place where something is wrong. An unknown key is found by zod with its siblings, and is an issue of its own here. */
export type Issue =
  | { readonly side: 'value'; readonly path: readonly PropertyKey[]; readonly message: string }
  | { readonly side: 'key'; readonly path: readonly PropertyKey[] };

/** Texts for zod's own checks; the schema's checks have their own. */
export const issueText: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'invalid_type') return wrongType(issue.expected, issue.input);
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String).join(' or ');
    return message(`is ${scalar(issue.input)}, which is unknown`, `Write ${values}.`);
  }
  if (issue.code === 'too_small')
    return message(`is ${scalar(issue.input)}, less than ${issue.minimum}`, outOf(issue.minimum));
  if (issue.code === 'too_big') return tooBig(issue.origin, issue.maximum, issue.input);
  return message('does not have the form of a plan', 'docs/plan.md explains every key.');
};

/** In the schema's order. */
export function findIssues(error: z.ZodError): Issue[] {
  return error.issues.flatMap((issue): Issue[] =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ side: 'key', path: [...issue.path, key] }))
      : [{ side: 'value', path: issue.path, message: issue.message }],
  );
}

/** A predicate for the path, and a sentence with the fix. */
export function inWords(issue: Issue): { readonly what: string; readonly next: string } {
  return issue.side === 'key' ? unknownKey(issue.path) : splitMessage(issue.message);
}

/** "scenarios[2].target"; "" for the plan itself. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.map(stepText).join('').replace(/^\./, '');
}

function stepText(step: PropertyKey): string {
  if (typeof step === 'number') return `[${step}]`;
  const key = String(step);
  return /^[\w-]{1,40}$/.test(key) ? `.${key}` : `.${shown(key)}`;
}

function unknownKey(path: readonly PropertyKey[]): { what: string; next: string } {
  const key = String(path.at(-1));
  const known = knownKeys(path.slice(0, -1));
  return { what: 'is not a key of a plan', next: wayOut(key, known) };
}

function wayOut(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  if (meant !== null) return `Did you mean ${meant}?`;
  const elsewhere = keyPaths().filter((path) => path.endsWith(`.${key}`));
  if (elsewhere.length > 0) return `It is known as ${elsewhere.join(' and ')}.`;
  return `The keys here are ${known.join(', ')}.`;
}

function wrongType(expected: string, input: unknown): string {
  if (input === undefined) return message('is missing', 'Add it.');
  switch (expected) {
    case 'object':
      return message(
        `must be a section, not ${kindOf(input)}`,
        'Write its keys below it, indented, each as "key: value".',
      );
    case 'array':
      return message(`must be a list, not ${kindOf(input)}`, 'Write its items below it, each after a dash.');
    case 'string':
      return message(`must be a string, not ${kindOf(input)}`, quoteIt(input));
    case 'boolean':
      return message(`must be true or false, not ${kindOf(input)}`, 'Write true or false, without quotes.');
    default:
      return message(`must be a whole number, not ${scalar(input)}`, 'Write digits alone, without quotes.');
  }
}

function quoteIt(input: unknown): string {
  const isScalar = typeof input === 'number' || typeof input === 'boolean';
  return isScalar ? `Put it in quotes: "${input}".` : 'Write it as a string.';
}

function outOf(minimum: number | bigint): string {
  return `Write ${minimum} or more.`;
}

function tooBig(origin: string, maximum: number | bigint, input: unknown): string {
  if (origin === 'string') return message(`is longer than ${maximum} characters`, 'Shorten it.');
  if (origin === 'array') return message(`holds more than ${maximum} items`, 'Split it over several plans.');
  return message(`is ${scalar(input)}, more than ${maximum}`, `Write ${maximum} or less.`);
}

function scalar(input: unknown): string {
  return typeof input === 'string' || typeof input === 'number' ? shown(input) : kindOf(input);
}
