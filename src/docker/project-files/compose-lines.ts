/** The lines of a compose file that hold no secret. */
import { isAlias, isMap, isScalar, isSeq, type Pair, parseDocument, type Scalar, visit } from 'yaml';
import { MOST_ENTRIES } from './bounds.ts';
import { isCommand, isKept } from './compose-keys.ts';
import { maskText, maskWords } from './credentials.ts';
import { isSafeComment, type SafeLines } from './safe-lines.ts';

type Path = readonly (string | number)[];

/**
 * A line is kept if each value in it is one that the facts of a compose file keep as it is, wherever anchors take it, and its comment is harmless.
 * @returns null where that cannot be found out
 */
export function safeComposeLines(text: string): SafeLines | null {
  const document = parseDocument(text, { prettyErrors: false, logLevel: 'silent', uniqueKeys: false });
  if (document.errors.length > 0) return null;
  const isSafe = safeScalars(document.contents, (node) => (isAlias(node) ? node.resolve(document) : node));
  if (isSafe === null) return null;
  const marks = new Uint8Array(text.length);
  visit(document, {
    Scalar: (role, node) => {
      const [start, end] = node.range ?? [0, 0];
      const safe = role === 'key' ? isSafeKey(node) : isEmpty(node) || isSafe.get(node) === true;
      marks.fill(safe ? SAFE : HIDDEN, start, end);
    },
  });
  return linesOf(text, marks);
}

const [SAFE, HIDDEN] = [1, 2] as const;

/** Whether each value may be kept, by the node; null where anchors of anchors stand for too many. */
function safeScalars(root: unknown, resolved: (node: unknown) => unknown): ReadonlyMap<unknown, boolean> | null {
  const isSafe = new Map<unknown, boolean>();
  let left = 20 * MOST_ENTRIES;
  const note = (node: Scalar, path: Path, masked: unknown) => {
    // What is below `x-…` is kept if it may be in every place where it is used.
    if (String(path[0]).startsWith('x-')) return;
    isSafe.set(node, isSafe.get(node) !== false && isKept(path) && masked === node.value);
  };
  const walk = (written: unknown, path: Path): void => {
    const node = resolved(written);
    left -= 1;
    if (left < 0) return;
    if (isScalar(node)) note(node, path, typeof node.value === 'string' ? maskText(node.value) : node.value);
    else if (isMap(node)) {
      for (const { key, value } of node.items as readonly Pair[]) {
        if (isScalar(key) && key.value === '<<') for (const each of sourcesOf(value, resolved)) walk(each, path);
        else walk(value, [...path, isScalar(key) ? String(key.value) : '']);
      }
    } else if (isSeq(node)) {
      const items = node.items.map(resolved);
      const words = isCommand(path) ? maskWords(items.map((item) => (isScalar(item) ? String(item.value) : ''))) : null;
      for (const [index, item] of items.entries()) {
        if (words === null || !isScalar(item)) walk(item, [...path, index]);
        else note(item, [...path, index], typeof item.value === 'string' ? words[index] : item.value);
      }
    }
  };
  walk(root, []);
  return left < 0 ? null : isSafe;
}

function sourcesOf(value: unknown, resolved: (node: unknown) => unknown): readonly unknown[] {
  const node = resolved(value);
  return isSeq(node) ? node.items : [node];
}

/** `PASSWORD=x` as the key of a mapping is what is left of a list without its dashes. */
function isSafeKey({ value }: Scalar): boolean {
  return !/[=@]/.test(String(value));
}

function isEmpty({ value }: Scalar): boolean {
  return value === null || value === '';
}

function linesOf(text: string, marks: Uint8Array): SafeLines {
  let start = 0;
  return text.split('\n').map((written) => {
    const line = written.replace(/\r$/, '');
    const own = marks.subarray(start, start + line.length);
    const comment = commentAt(line, own);
    start += written.length + 1;
    return !own.includes(HIDDEN) && (comment === -1 || isSafeComment(line.slice(comment))) ? line : null;
  });
}

function commentAt(line: string, marks: Uint8Array): number {
  for (let at = line.indexOf('#'); at !== -1; at = line.indexOf('#', at + 1))
    if (marks[at] === 0 && (at === 0 || /\s/.test(line[at - 1] ?? ''))) return at;
  return -1;
}
