/** Ids of sections, rows and charts, to which people link. */

export interface Anchors {
  /** An id that no one else has on this page: `advice`, `advice-2`, … The same page always gets the same ids. */
  readonly take: (...parts: readonly string[]) => string;
}

const LONGEST = 60;

export function createAnchors(): Anchors {
  const taken = new Map<string, number>();
  return {
    take: (...parts) => {
      const wanted =
        parts
          .map(slug)
          .filter((part) => part !== '')
          .join('--') || 'part';
      const count = (taken.get(wanted) ?? 0) + 1;
      taken.set(wanted, count);
      return count === 1 ? wanted : `${wanted}-${count}`;
    },
  };
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, '');
}
