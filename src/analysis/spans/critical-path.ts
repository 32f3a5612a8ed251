import type { Span } from '../../model/span.ts';
import { between, spanOf } from './tree.ts';

/**
 * What decided how long the span took: its leaves, one after another without a gap, so their durations sum to its own. From the end
 * backwards, each is what ended last before the one after it began. One that still ran then is cut off there. A time in which no child
 * ran is a span `other`.
 */
export function criticalPath(span: Span): readonly Span[] {
  const path: Span[] = [];
  walk(span, span.toSeconds, path);
  return path.reverse();
}

/** Adds the path up to `until`, the last span first. */
function walk(span: Span, until: number, path: Span[]): void {
  if (span.children.length === 0) {
    path.push(until === span.toSeconds ? span : { ...span, toSeconds: until });
    return;
  }
  const left = span.children.filter(lasts);
  let cursor = until;
  let current: Span | null = null;
  while (cursor > span.fromSeconds) {
    const next = endedLast(left, cursor, current);
    const end = next === null ? span.fromSeconds : Math.min(next.toSeconds, cursor);
    if (end < cursor) path.push(selfTime(span, end, cursor));
    if (next === null) return;
    walk(next, end, path);
    [cursor, current] = [next.fromSeconds, next];
  }
}

function lasts({ fromSeconds, toSeconds }: Span): boolean {
  return toSeconds > fromSeconds;
}

/** Of several that ran until then, the one that was waited for, else the one whose end is nearest. */
function endedLast(children: readonly Span[], cursor: number, current: Span | null): Span | null {
  let best: Span | null = null;
  for (const child of children) {
    if (child.fromSeconds < cursor && (best === null || isLater(child, best, cursor, current))) best = child;
  }
  return best;
}

function isLater(one: Span, other: Span, cursor: number, current: Span | null): boolean {
  const [a, b] = [Math.min(one.toSeconds, cursor), Math.min(other.toSeconds, cursor)];
  if (a !== b) return a > b;
  const [waited, otherWaited] = [current?.after.includes(one.id), current?.after.includes(other.id)];
  if (waited !== otherWaited) return waited === true;
  return one.toSeconds < other.toSeconds;
}

function selfTime(span: Span, from: number, to: number): Span {
  return spanOf(`${span.id}/other@${from}`, 'other', between(from, to), { name: `${span.name}: not explained` });
}
