/**
 * Charts as Mermaid source, which GitHub and GitLab draw: https://mermaid.js.org/syntax/gantt.html and …/xyChart.html.
 * Foreign text is reduced to what no rule of Mermaid's grammar reads as more than text.
 */

/** A bar on the clock of a gantt chart. */
export interface MermaidBar {
  readonly label: string;
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

export interface MermaidGantt {
  readonly title: string;
  readonly sections: readonly { readonly title: string; readonly bars: readonly MermaidBar[] }[];
}

/** Lines over one axis, all of one length. */
export interface MermaidLines {
  readonly title: string;
  /** One for each place on the axis. */
  readonly labels: readonly string[];
  readonly unit: string;
  readonly lines: readonly { readonly values: readonly number[] }[];
}

const LONGEST_LABEL = 48;
/** A comment is read on a phone as well. */
const MOST_BARS = 24;
const MOST_POINTS = 30;

/** Lines of a fenced block; empty where there is nothing to draw. */
export function mermaidGantt({ title, sections }: MermaidGantt): readonly string[] {
  let left = MOST_BARS;
  const shown = sections.flatMap((section) => {
    const bars = section.bars.filter(isDrawable).slice(0, left);
    left -= bars.length;
    return bars.length === 0 ? [] : [`    section ${label(section.title)}`, ...bars.map(barLine)];
  });
  if (shown.length === 0) return [];
  return fenced([
    'gantt',
    `    title ${label(title)}`,
    // Seconds since the beginning are given as milliseconds of a clock at zero.
    '    dateFormat x',
    '    axisFormat %M:%S',
    ...shown,
  ]);
}

/** Only the newest points where there are many. */
export function mermaidLines({ title, labels, unit, lines }: MermaidLines): readonly string[] {
  const all = lines.flatMap(({ values }) => values);
  const isWhole = lines.every(({ values }) => values.length === labels.length);
  if (labels.length < 2 || lines.length === 0 || !isWhole || !all.every(Number.isFinite)) return [];
  const names = labels.slice(-MOST_POINTS);
  const shown = lines.map(({ values }) => values.slice(-MOST_POINTS));
  const most = Math.max(...shown.flat());
  return fenced([
    'xychart-beta',
    `    title "${label(title)}"`,
    `    x-axis [${names.map((name) => `"${label(name)}"`).join(', ')}]`,
    `    y-axis "${label(unit)}" 0 --> ${number(most > 0 ? most * 1.1 : 1)}`,
    ...shown.map((values) => `    line [${values.map(number).join(', ')}]`),
  ]);
}

/**
 * Letters, digits and a few signs. Everything else is a space: a colon ends a label, a semicolon and a line break end a
 * statement, `%%` begins a comment, `#` an entity, and GitHub draws HTML in labels.
 */
export function label(text: string): string {
  const kept = text
    .toWellFormed()
    .replace(/[^\p{L}\p{N} ._/()+,-]/gu, ' ')
    // "--" and "---" are arrows and front matter.
    .replace(/-{2,}/g, '-')
    .replace(/\s+/g, ' ')
    .trim();
  const letters = Array.from(kept);
  const short =
    letters.length > LONGEST_LABEL
      ? `${letters
          .slice(0, LONGEST_LABEL - 1)
          .join('')
          .trim()}…`
      : kept;
  return short === '' ? 'unnamed' : short;
}

function isDrawable({ fromSeconds, toSeconds }: MermaidBar): boolean {
  return Number.isFinite(fromSeconds) && Number.isFinite(toSeconds) && fromSeconds >= 0 && toSeconds > fromSeconds;
}

/** A label of one word of Mermaid's, such as `click` or `section`, would be read as that: each begins with a sign. */
function barLine({ label: text, fromSeconds, toSeconds }: MermaidBar): string {
  return `    · ${label(text)} :${milliseconds(fromSeconds)}, ${milliseconds(toSeconds)}`;
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000);
}

/** Without an exponent, which the grammar does not read. */
function number(value: number): string {
  return String(Number(value.toFixed(3)));
}

function fenced(lines: readonly string[]): readonly string[] {
  return ['```mermaid', ...lines, '```'];
}
