/** The kinds of values in a plan, each converted from what people write to base units. */
import { z } from 'zod';
import { kindOf, message } from './message.ts';
import {
  DURATION_PATTERN,
  LEAST_BYTES,
  MOST_BYTES,
  MOST_SECONDS,
  type Reading,
  RATIO_PATTERN,
  readDuration,
  readRatio,
  readSize,
  SIZE_PATTERN,
} from './quantities.ts';
import { checkedWords, splitCommand } from './split-command.ts';

/** A notation: how it is read, and what JSON Schema can express of it. */
interface Notation {
  readonly noun: string;
  readonly example: string;
  readonly pattern: string;
  readonly numbers: Readonly<Record<string, number>>;
  readonly read: (input: string | number) => Reading;
}

const DURATION: Notation = {
  noun: 'a duration',
  example: '"< 180 s"',
  pattern: DURATION_PATTERN,
  numbers: { exclusiveMinimum: 0, maximum: MOST_SECONDS },
  read: readDuration,
};
const DURATION_OR_ZERO: Notation = {
  ...DURATION,
  numbers: { minimum: 0, maximum: MOST_SECONDS },
  read: (input) => readDuration(input, { zero: true }),
};
const SIZE: Notation = {
  noun: 'a size',
  example: '"2 GB"',
  pattern: SIZE_PATTERN,
  numbers: { minimum: LEAST_BYTES, maximum: MOST_BYTES },
  read: readSize,
};
const SHARE: Notation = {
  noun: 'a share',
  example: '"80 %"',
  pattern: RATIO_PATTERN,
  numbers: { exclusiveMinimum: 0, maximum: 1 },
  read: readRatio,
};

/** null and "none" mean: no target. */
const NONE = /^\s*none\s*$/;

const limit = (notation: Notation) =>
  z
    .union([z.string().meta({ pattern: `${notation.pattern}|${NONE.source}` }), number(notation), z.null()], {
      error: ({ input }) =>
        message(
          `must be ${notation.noun}, not ${kindOf(input)}`,
          `Write it like ${notation.example}, or none for no target.`,
        ),
    })
    .transform((input, context) =>
      input === null || (typeof input === 'string' && NONE.test(input)) ? null : taken(notation.read(input), context),
    );

/** When written out, an automatic value is `auto`, or `words`. */
const automatic = (notation: Notation, words: readonly string[] = []) =>
  z
    .union([z.literal(['auto', ...words]), z.string().meta({ pattern: notation.pattern }), number(notation)], {
      error: ({ input }) =>
        message(`must be ${notation.noun}, not ${kindOf(input)}`, `Write it like ${notation.example}, or auto.`),
    })
    .transform((input, context) =>
      input === 'auto' || words.includes(String(input)) ? ('auto' as const) : taken(notation.read(input), context),
    );

const required = (notation: Notation) =>
  z
    .union([z.string().meta({ pattern: notation.pattern }), number(notation)], {
      error: ({ input }) =>
        message(`must be ${notation.noun}, not ${kindOf(input)}`, `Write it like ${notation.example}.`),
    })
    .transform((input, context) => taken(notation.read(input), context));

export const durationLimit = () => limit(DURATION);
export const sizeLimit = () => limit(SIZE);
export const shareLimit = () => limit(SHARE);
export const durationOrZero = () => required(DURATION_OR_ZERO);
export const automaticSize = () => automatic(SIZE);
export const automaticDuration = (words: readonly string[]) => automatic(DURATION, words);

/** An increase: unlike a share of a whole it may exceed 100 %. */
export const increase = () =>
  required({ ...SHARE, example: '"20 %"', read: (input) => readRatio(input, { most: 10 }) });

export const count = (least: number, most: number) => z.int().min(least).max(most);

export const automaticCount = (most: number) =>
  z.union([z.literal('auto'), count(1, most)], {
    error: ({ input }) =>
      message(
        `is ${typeof input === 'number' ? input : kindOf(input)}; it must be a whole number from 1 to ${most}`,
        'Write the number, or auto.',
      ),
  });

/** A text in one line, without the spaces around it. */
export const name = () => line(100).transform((text) => text.normalize('NFC').trim());

/** A file within the project: a run works in a copy of that folder, which has no files from outside. */
export const projectFile = () => pathWithin().transform((text) => text.trim());

const pathWithin = () =>
  line(500).regex(/^(?!\s*\/)(?!(?:.*\/)?\s*\.\.\s*(?:\/|$))/, {
    error: message("leads out of the project's folder", 'Give a path relative to that folder, without "..".'),
  });

/** One compose file, or several that are merged in this order; a list of one is that file. */
export const composeFiles = () =>
  z
    .union([pathWithin(), z.array(pathWithin()).min(1, { error: NO_COMPOSE_FILE })], {
      error: ({ input }) =>
        message(`must be a file or a list of files, not ${kindOf(input)}`, 'Write it like docker-compose.test.yml.'),
    })
    .transform((input): string | string[] => {
      const [first = '', ...more] = [input].flat().map((file) => file.trim());
      return more.length === 0 ? first : [first, ...more];
    });

const NO_COMPOSE_FILE = message('is an empty list', 'Name at least one compose file, or leave the key out.');

/** Each value at most once, in the order given. */
export const setOf = <const T extends readonly [string, ...string[]]>(values: T, least: number) =>
  z
    .array(z.enum(values))
    .min(least, { error: message('is an empty list', `It can hold ${values.join(', ')}.`) })
    .refine((list) => new Set(list).size === list.length, {
      error: message('names a value twice', 'Name each value once.'),
    })
    .meta({ uniqueItems: true });

/** A text, split as compose splits it, or an argument vector; null is the test service's own command. */
export const command = () =>
  z
    .union([z.string().meta({ pattern: String.raw`\S` }), z.array(z.string()).min(1), z.null()], { error: noCommand })
    .transform((input, context): readonly string[] | null => {
      if (input === null) return null;
      const split = typeof input === 'string' ? splitCommand(input) : words(input);
      if (split.kind === 'words') return split.words;
      context.addIssue({ code: 'custom', message: message(split.what, split.next) });
      return z.NEVER;
    });

function words(list: readonly string[]): ReturnType<typeof splitCommand> {
  const [program = '', ...rest] = list;
  if (program !== '') return checkedWords([program, ...rest]);
  return { kind: 'wrong', what: 'begins with an empty word', next: 'Begin with the program, such as python.' };
}

function noCommand({ input }: { readonly input: unknown }): string {
  if (!Array.isArray(input)) {
    return message(`must be a string or a list of words, not ${kindOf(input)}`, 'Write it like "python -m pytest -v".');
  }
  const index = input.findIndex((word) => typeof word !== 'string');
  if (index === -1)
    return message('is an empty list', "Give a command, or leave the key out to run the test service's own.");
  const word: unknown = input[index];
  const quoted =
    typeof word === 'number' || typeof word === 'boolean' ? `Put it in quotes: "${word}".` : 'Write words alone.';
  return message(`holds ${kindOf(word)} as word ${index + 1}, but each word must be a string`, quoted);
}

function line(most: number) {
  return z
    .string()
    .max(most)
    .regex(/^\P{Cc}*[^\s\p{Cc}]\P{Cc}*$/u, {
      error: ({ input }) =>
        String(input).trim() === ''
          ? message('is empty', 'Give it a string, or leave the key out.')
          : message('holds a line break or another control character', 'Write it on one line.'),
    });
}

function number({ numbers }: Notation) {
  return z.number().meta(numbers);
}

function taken(reading: Reading, context: { addIssue: (issue: { code: 'custom'; message: string }) => void }): number {
  if (reading.kind === 'value') return reading.value;
  context.addIssue({ code: 'custom', message: message(reading.what, reading.next) });
  return z.NEVER;
}
