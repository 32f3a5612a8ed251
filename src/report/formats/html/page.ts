/** A whole page: one file that asks for nothing else, unless it gets the place of the style and the script. */
import type { Link, Section } from '../../blocks.ts';
import type { Page } from '../../page.ts';
import { ASSETS } from './assets.ts';
import { createAnchors } from './anchors.ts';
import { inlineMarkup } from './inline.ts';
import { signMarkup } from './blocks.ts';
import { markup, type Markup, NOTHING, trusted } from './markup.ts';
import { sectionMarkup } from './section.ts';

export interface PageOptions {
  /** `inline`: the page holds its style and its script. Else the folder of style.css and page.js, relative to the page, and their names there. */
  readonly assets: 'inline' | { readonly folder: string; readonly style?: string; readonly script?: string };
  /** The address that tells an open page what is new, for a run that has not ended; null for a page that stays as it is. */
  readonly live?: string | null;
}

const ALONE: PageOptions = { assets: 'inline' };

/** @returns a whole HTML document, ending in a line break. The same page always gives the same text. */
export function renderPage(page: Page, options: PageOptions = ALONE): string {
  return String(markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(options)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${page.title}</title>
<link rel="icon" href="data:,">
${styleOf(options)}
</head>
<body${options.live == null ? NOTHING : markup` data-live="${options.live}"`}>
<a class="skip" href="#main">Skip to the content</a>
${hintMarkup(options)}${trailMarkup(page.trail)}<main id="main" tabindex="-1">
${mainMarkup(page)}</main>
<footer>Made by Paceline.</footer>
${scriptOf(options)}
</body>
</html>
`);
}

/** The content of `main`: what a page that is open puts in its place while the run goes on. */
export function renderMain(page: Page): string {
  return String(mainMarkup(page));
}

function mainMarkup(page: Page): Markup {
  const anchors = createAnchors();
  const [first, ...rest] = page.lead.map((section) => sectionMarkup(section, anchors));
  const sections = page.sections.map((section) => sectionMarkup(section, anchors));
  const shown = [...page.lead, ...page.sections];
  return markup`${headlineMarkup(page)}
${
  first === undefined
    ? NOTHING
    : markup`<div class="lead">
${first}${
  rest.length === 0
    ? NOTHING
    : markup`<div>
${rest}</div>
`
}</div>
`
}<div class="body">
${contentsMarkup(shown)}<div class="sections">
${sections}</div>
</div>
`;
}

/** Without its script a page that changes cannot show it. */
function hintMarkup({ live }: PageOptions): Markup {
  if (live == null) return NOTHING;
  return markup`<noscript><p class="status">This page does not follow the run, because scripts are off. <a href="">Reload it</a> to see what is new.</p></noscript>
<p class="status" role="status" hidden></p>
`;
}

/** Nothing from elsewhere, and no script or style but Paceline's own: a name that looks like markup could not run even if it came through. */
export function policy({ assets, live }: PageOptions): string {
  const [style, script] =
    assets === 'inline' ? [`'${ASSETS.style.hash}'`, `'${ASSETS.script.hash}'`] : ["'self'", "'self'"];
  return [
    "default-src 'none'",
    `style-src ${style}`,
    `script-src ${script}`,
    'img-src data:',
    ...(live == null ? [] : ["connect-src 'self'"]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function styleOf({ assets }: PageOptions): Markup {
  if (assets === 'inline') return markup`<style>${trusted(ASSETS.style.text)}</style>`;
  return markup`<link rel="stylesheet" href="${assets.folder}${assets.style ?? 'style.css'}">`;
}

function scriptOf({ assets }: PageOptions): Markup {
  if (assets === 'inline') return markup`<script>${trusted(ASSETS.script.text)}</script>`;
  return markup`<script src="${assets.folder}${assets.script ?? 'page.js'}"></script>`;
}

function trailMarkup(trail: readonly Link[]): Markup {
  if (trail.length === 0) return NOTHING;
  return markup`<nav class="trail" aria-label="Where this page is"><ol>${trail.map((each) => markup`<li>${inlineMarkup(each)}</li>`)}</ol></nav>
`;
}

function headlineMarkup({ headline, about, title }: Page): Markup {
  if (headline === null) return markup`<header><h1>${title}</h1><p class="about">${inlineMarkup(about)}</p></header>`;
  return markup`<header class="${headline.mark}">
<h1>${inlineMarkup(headline.subject)}</h1>
<p class="verdict ${headline.mark}">${signMarkup(headline.mark)} <strong>${headline.verdict}</strong></p>
<p class="summary">${inlineMarkup(headline.summary)}</p>
<p class="about">${inlineMarkup(about)}</p>
</header>`;
}

/** A short page needs no list of what is on it. */
const LISTED = 4;

function contentsMarkup(sections: readonly Section[]): Markup {
  if (sections.length < LISTED) return NOTHING;
  return markup`<nav class="contents" aria-label="On this page"><details open><summary>On this page</summary><ol>${sections.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`)}</ol></details></nav>
`;
}
