/** Blocks as HTML. One function for each kind of block; the order of the page is its caller's. */
import type { Block, CodeBlock, KeyFigure, KeyFigures, List, ListItem, Mark, Sign } from '../../blocks.ts';
import { isEmpty } from '../../blocks.ts';
import { lines } from '../../text/foreign.ts';
import { PAGE_SIGNS } from '../../text/marks.ts';
import { plain } from '../../text/plain.ts';
import { chartMarkup, timelineMarkup } from './chart.ts';
import { cellMarkup, inlineMarkup } from './inline.ts';
import { markup, type Markup, NOTHING } from './markup.ts';
import { meter } from './meter.ts';
import type { Place } from './place.ts';
import { tableMarkup } from './table.ts';

export function blockMarkup(block: Block, place: Place): Markup {
  switch (block.kind) {
    case 'figures':
      return figuresMarkup(block, place);
    case 'list':
      return listMarkup(block, place);
    case 'table':
      return tableMarkup(block, place);
    case 'timeline':
      return timelineMarkup(block, place);
    case 'paragraph':
      return markup`<p>${inlineMarkup(block.text)}</p>`;
    case 'code':
      return codeMarkup(block);
    case 'chart':
      return chartMarkup(block, place);
  }
}

/** What a sign means, for those who do not see it. */
const WORDS: Readonly<Record<Sign, string>> = {
  good: 'good',
  bad: 'bad',
  warning: 'warning',
  none: '',
  action: 'to do',
};

export function signMarkup(sign: Sign): Markup {
  const [shown, word] = [PAGE_SIGNS[sign], WORDS[sign]];
  if (word === '') return markup`<span class="sign none" aria-hidden="true">${shown}</span>`;
  return markup`<span class="sign ${sign}"><span aria-hidden="true">${shown}</span><span class="hidden">${word}:</span></span>`;
}

function figuresMarkup({ of, rows }: KeyFigures, { section, anchors }: Place): Markup {
  return markup`<div class="scroll"><table class="figures">
<thead><tr><th scope="col">${of}</th><th scope="col" class="right">Measured</th><th scope="col" class="right">Target</th><th scope="col"><span class="hidden">Notes</span></th></tr></thead>
<tbody>${rows.map((row) => figureRow(row, anchors.take(section, row.title)))}</tbody>
</table></div>
`;
}

function figureRow({ mark, title, value, target, note, reason, parts }: KeyFigure, id: string): Markup {
  const said = [
    ...(isEmpty(note) ? [] : [markup`<div>${inlineMarkup(note)}</div>`]),
    ...(reason === null ? [] : [markup`<div class="reason">${inlineMarkup(reason)}</div>`]),
    ...parts.map((part) => markup`<div class="part">${inlineMarkup(part)}</div>`),
  ];
  return markup`
<tr id="${id}" class="${mark}"><th scope="row">${signMarkup(mark)} ${inlineMarkup(title)}</th><td class="right value">${cellMarkup(value)}${meterOf(value, target, mark)}</td><td class="right">${target === null ? NOTHING : inlineMarkup(target)}</td><td class="said">${said}</td></tr>`;
}

function meterOf(value: KeyFigure['value'], target: KeyFigure['target'], mark: Mark): Markup {
  if (target === null || value === null || typeof value === 'string' || !('kind' in value)) return NOTHING;
  return value.kind === 'quantity' ? meter(value.value, target.value, mark) : NOTHING;
}

function listMarkup({ items }: List, place: Place): Markup {
  return markup`<ul class="items">${items.map((each) => itemMarkup(each, place))}</ul>
`;
}

function itemMarkup({ sign, text, details, output, value, more }: ListItem, place: Place): Markup {
  const id = sign === null ? NOTHING : markup` id="${place.anchors.take(place.section, plain(text))}"`;
  return markup`
<li class="${sign ?? 'equal'}"${id}>${sign === null ? NOTHING : signMarkup(sign)}<div><div>${inlineMarkup(text)}</div>${evidenceMarkup(details)}${output === null ? NOTHING : outputMarkup(output)}${moreMarkup(more, place)}</div>${value === undefined ? NOTHING : markup`<div class="saved" aria-hidden="true">${inlineMarkup(value)}</div>`}</li>`;
}

function evidenceMarkup(details: ListItem['details']): Markup {
  if (details.length === 0) return NOTHING;
  return markup`<ul class="evidence">${details.map((each) => markup`<li>${inlineMarkup(each)}</li>`)}</ul>`;
}

function moreMarkup(more: ListItem['more'], place: Place): Markup {
  if (more === undefined) return NOTHING;
  return markup`<details><summary>${more.title}</summary>${more.blocks.map((block) => blockMarkup(block, place))}</details>`;
}

function codeMarkup({ text, language }: CodeBlock): Markup {
  return language === 'diff' ? diffMarkup(text) : outputMarkup(text);
}

/** `tabindex`: with the keyboard, people can scroll what is wider than the page. */
function outputMarkup(text: string): Markup {
  return markup`<pre tabindex="0">${lines(text).join('\n')}</pre>`;
}

function diffMarkup(text: string): Markup {
  const shown = lines(text.replace(/\n$/, '')).map((line) => {
    const sign = /^(?:\+\+\+|---)/.test(line) ? ' ' : line[0];
    if (sign === '+') return markup`<ins>${line}</ins>\n`;
    if (sign === '-') return markup`<del>${line}</del>\n`;
    return line.startsWith('@@') ? markup`<span class="hunk">${line}</span>\n` : markup`${line}\n`;
  });
  return markup`<pre class="diff" tabindex="0">${shown}</pre>`;
}
