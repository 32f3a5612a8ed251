import type { Block, Section } from '../../blocks.ts';
import type { Anchors } from './anchors.ts';
import { blockMarkup } from './blocks.ts';
import { markup, type Markup, NOTHING } from './markup.ts';

/** A section with its heading, to which people link. */
export function sectionMarkup({ id, title, summary, details, folded = false }: Section, anchors: Anchors): Markup {
  const place = { section: anchors.take(id), anchors };
  const made = (blocks: readonly Block[]) => blocks.map((block) => blockMarkup(block, place));
  return markup`<section id="${place.section}" aria-labelledby="${place.section}--title">
<h2 id="${place.section}--title">${title}<a class="anchor" href="#${place.section}" aria-label="Link to ${title}">#</a></h2>
${made(summary)}${folded && details.length > 0 ? foldedMarkup(made(details), summary.length === 0 ? title : `${title}: details`) : made(details)}</section>
`;
}

function foldedMarkup(content: readonly Markup[], title: string): Markup {
  return content.length === 0
    ? NOTHING
    : markup`<details><summary>${title}</summary>
${content}</details>
`;
}
