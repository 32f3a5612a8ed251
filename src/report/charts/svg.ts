/** Elements of SVG with escaped text and attributes. Nothing else in this folder writes markup. */
import { isSafeHref } from '../text/href.ts';
import { oneLine } from '../text/foreign.ts';

/** Markup that `el` has made. A string is text, and is escaped. */
export interface Svg {
  readonly markup: string;
}

type Child = Svg | string | null | readonly (Svg | string | null)[];
type Attributes = Readonly<Record<string, string | number | null | undefined>>;

/** An element. Attributes of null or undefined are left out; numbers are rounded to what a screen can show. */
export function el(tag: string, attributes: Attributes, ...children: readonly Child[]): Svg {
  const open = Object.entries(attributes)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => ` ${name}="${typeof value === 'number' ? short(value) : escaped(value!)}"`)
    .join('');
  const inside = children.flat().map(markupOf).join('');
  return { markup: inside === '' ? `<${tag}${open}/>` : `<${tag}${open}>${inside}</${tag}>` };
}

/** The tooltip of a mark. */
export function tip(text: string): Svg {
  return el('title', {}, text);
}

/** The mark inside a link, where the address is one that a page may link to. Links are for the pointer: the table has the same. */
export function linked(link: string | null | undefined, ...children: readonly Child[]): Svg {
  if (safeLink(link)) return el('a', { href: link, tabindex: -1 }, ...children);
  const marks = children.flat();
  return marks.length === 1 ? { markup: markupOf(marks[0]!) } : el('g', {}, ...children);
}

export function safeLink(link: string | null | undefined): link is string {
  return typeof link === 'string' && isSafeHref(link);
}

/** "12.3" */
export function short(value: number): string {
  return String(Number(value.toFixed(1)) + 0);
}

function markupOf(child: Svg | string | null): string {
  if (child === null) return '';
  return typeof child === 'string' ? escaped(child) : child.markup;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return oneLine(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
