/** YAML (and so JSON) as data, with the position of each part. */
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import { type PacelineError, wrongUsage } from '../model/failure.ts';
import type { Part, Places } from './check.ts';
import { yamlWords } from './yaml-words.ts';

/** Far more than a person writes. It bounds the time for reading. */
const MOST_CHARACTERS = 200_000;

/** Aliases, and what they multiply to: a handful in a plan, millions in a file made to fill the memory. */
const MOST_ALIASES = 100;

/** Plainer messages for the most common mistakes that the library reports. */
const SLIPS: Partial<Record<YAMLError['code'], readonly [what: string, next: string]>> = {
  MULTIPLE_DOCS: ['a second document starts here', 'Keep one document; remove the --- line.'],
  TAB_AS_INDENT: ['a tab is used as indentation', 'Indent with spaces.'],
  RESOURCE_EXHAUSTION: ['nested too deeply for a plan', 'Name a plan file.'],
};

/**
 * @param file as messages name it
 * @returns the data (an empty document: an empty section), and where its parts stand
 * @throws PacelineError WrongUsage with the line and column of the first error
 */
export function readYaml(text: string, file: string): { readonly input: unknown; readonly places: Places } {
  if (text.length > MOST_CHARACTERS) {
    throw wrongUsage(`${file} has ${text.length} characters, more than a plan can have.`, 'Name a plan file.');
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
    uniqueKeys: false,
  });
  const [error] = document.errors;
  if (error !== undefined) throw invalid(error, `${file}:${lineAndColumn(lines, error.pos[0])}`);
  const slip = findSlip(document);
  if (slip !== null) throw wrongUsage(`${file}:${lineAndColumn(lines, slip.offset)}: ${slip.what}.`, slip.next);
  return { input: toData(document, file) ?? {}, places: { file, of: (part) => position(document, part, lines) } };
}

/** One value in YAML, such as that of a flag. Nothing at all is null. @throws PacelineError as `readYaml` */
export function readValue(text: string, name: string): unknown {
  // Read in a list, so that nothing stays nothing.
  const { input } = readYaml(`- ${text.trim().replaceAll('\n', '\n  ')}\n`, name);
  return (input as readonly unknown[])[0];
}

function invalid({ code, message }: YAMLError, at: string): PacelineError {
  const slip = SLIPS[code];
  if (slip !== undefined) return wrongUsage(`${at}: ${slip[0]}.`, slip[1]);
  const { what, next } = yamlWords(message.split('\n')[0]!.replace(/[.:]?\s*$/, ''));
  return wrongUsage(`${at}: ${what}.`, next);
}

interface Slip {
  readonly offset: number;
  readonly what: string;
  readonly next: string;
}

/**
 * Finds duplicate keys, aliases without an anchor, and too many aliases. The library needs quadratic time for them, or
 * reports no place.
 */
function findSlip(document: Document): Slip | null {
  const anchors = new Set<string>();
  let aliases = 0;
  let slip: Slip | null = null;
  visit(document, {
    Node: (_, node) => {
      if (!isAlias(node) && node.anchor !== undefined) anchors.add(node.anchor);
      if (isMap(node)) slip = repeatedKey(node);
      if (isAlias(node)) slip = (aliases += 1) > MOST_ALIASES ? tooManyAliases(node) : danglingAlias(node, anchors);
      return slip === null ? undefined : visit.BREAK;
    },
  });
  return slip;
}

function repeatedKey(map: YAMLMap): Slip | null {
  const keys = new Set<string>();
  for (const { key } of map.items) {
    const name = keyText(key);
    if (keys.has(name) && name !== '<<') {
      return { offset: startOf(key) ?? 0, what: 'this key is already defined', next: 'Remove one of the two.' };
    }
    keys.add(name);
  }
  return null;
}

function tooManyAliases(alias: Alias): Slip {
  return { offset: startOf(alias) ?? 0, what: `more than ${MOST_ALIASES} aliases`, next: 'Write the values out.' };
}

function danglingAlias(alias: Alias, anchors: ReadonlySet<string>): Slip | null {
  if (anchors.has(alias.source)) return null;
  const next = `Mark what it stands for with &${alias.source}.`;
  return { offset: startOf(alias) ?? 0, what: `the alias *${alias.source} has no anchor before it`, next };
}

/** At this point the library refuses merges of a value that is not a section, and aliases that multiply without end. */
function toData(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw wrongUsage(`${file}: aliases or merges cannot be followed: ${reason}.`, 'Write the values out.');
  }
}

function position(document: Document, { path, side }: Part, lines: LineCounter): { line: number; column: number } {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [depth, step] of path.entries()) {
    const whole: unknown = isAlias(node) ? node.resolve(document) : node;
    const item = isSeq(whole) ? whole.items[Number(step)] : isMap(whole) ? pairOf(whole, String(step)) : undefined;
    if (item === undefined) break;
    const isKeyMeant = side === 'key' && depth === path.length - 1;
    node = isPair(item) ? item.value : item;
    offset = (isKeyMeant ? null : startOf(node)) ?? (isPair(item) ? startOf(item.key) : null) ?? offset;
  }
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function pairOf(map: YAMLMap, name: string): Pair | undefined {
  return map.items.find(({ key }) => keyText(key) === name);
}

function keyText(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

function startOf(node: unknown): number | null {
  return (node as Node | null)?.range?.[0] ?? null;
}

function lineAndColumn(lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${Math.max(1, line)}:${Math.max(1, col)}`;
}
