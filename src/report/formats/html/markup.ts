/** The one place where text becomes HTML. Every value in a template is escaped, unless it is markup already. */
import { html, raw } from 'hono/html';

/** HTML that is safe to put on a page. Only `markup` and `trusted` make it. */
export type Markup = { readonly isEscaped: true; toString(): string };

type Value = Markup | string | number | null | undefined | false | readonly Value[];

/** A template: `markup`<p>${text}</p>``. Lists are joined; null, undefined and false are nothing. */
export function markup(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  const made = html(strings, ...values);
  if (made instanceof Promise) throw new Error('a template was given a promise');
  return made;
}

/** Markup that Paceline itself has made, such as a drawn chart. Never text from outside. */
export function trusted(text: string): Markup {
  return raw(text);
}

export const NOTHING: Markup = trusted('');
