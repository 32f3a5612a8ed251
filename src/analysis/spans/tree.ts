/** What span trees are made of. Ids are local while a tree is made: `withPaths` gives each its place. */
import type { Span, SpanKind } from '../../model/span.ts';

/** Seconds since the start of the run. */
export interface Interval {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

type More = Partial<Pick<Span, 'after' | 'attributes' | 'children'>>;

/** @param id unique among its siblings */
export function spanOf(
  id: string,
  kind: SpanKind,
  { fromSeconds, toSeconds }: Interval,
  { name = id, after = [], attributes = {}, children = [] }: More & { readonly name?: string } = {},
): Span {
  return { id, name, kind, fromSeconds, toSeconds: Math.max(fromSeconds, toSeconds), after, attributes, children };
}

export function secondsOf({ fromSeconds, toSeconds }: Interval): number {
  return toSeconds - fromSeconds;
}

export function between(fromSeconds: number, toSeconds: number): Interval {
  return { fromSeconds, toSeconds };
}

/** Clocks differ by milliseconds: what sticks out of its parent is cut off, with all that is in it. */
export function within(span: Span, { fromSeconds: least, toSeconds: most }: Interval): Span {
  const into = (value: number) => Math.min(most, Math.max(least, value));
  const interval = between(into(span.fromSeconds), into(span.toSeconds));
  return { ...span, ...interval, children: span.children.map((child) => within(child, interval)) };
}

/** A shorter gap is not worth a span. */
const GAP_SECONDS = 0.001;

/**
 * The children in the order of their starts, with a span for each time in which none of them ran.
 * @param nameOf what a gap is called, by the spans around it
 */
export function withGaps(
  children: readonly Span[],
  { fromSeconds, toSeconds }: Interval,
  nameOf: (before: Span | null, next: Span | null) => string,
): readonly Span[] {
  const parent = between(fromSeconds, toSeconds);
  const inOrder = children.map((child) => within(child, parent)).toSorted((a, b) => a.fromSeconds - b.fromSeconds);
  const all: Span[] = [];
  let before: Span | null = null;
  let until = fromSeconds;
  const gap = (to: number, next: Span | null) => {
    if (to - until < GAP_SECONDS) return;
    const id = `other:${next === null ? 'end' : `before ${next.id}`}`;
    all.push(spanOf(id, 'other', between(until, to), { name: nameOf(before, next) }));
  };
  for (const child of inOrder) {
    gap(child.fromSeconds, child);
    all.push(child);
    if (child.toSeconds >= until) [before, until] = [child, child.toSeconds];
  }
  if (children.length > 0) gap(toSeconds, null);
  return all;
}

/** Each name once: the second `a` is `a#2`. */
export function distinct(names: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  return names.map((name) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count === 1 ? name : `${name}#${count}`;
  });
}

/** Ids that are unique in the tree, each after its parent's, and rounded times. */
export function withPaths(root: Span): Span {
  return { ...rounded(root), children: placed(root.children, '') };
}

function placed(children: readonly Span[], path: string): readonly Span[] {
  const ids = distinct(children.map(({ id }) => id));
  return children.map((child, index) => {
    const id = `${path}${ids[index]!}`;
    const after = child.after.map((sibling) => `${path}${sibling}`);
    return { ...rounded(child), id, after, children: placed(child.children, `${id}/`) };
  });
}

function rounded(span: Span): Span {
  const micro = (value: number) => Math.round(value * 1e6) / 1e6;
  return { ...span, fromSeconds: micro(span.fromSeconds), toSeconds: micro(span.toSeconds) };
}
