/** Puts the style and the script of the pages into a module, with the digests that the content security policy names. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CHART_STYLE } from '../src/report/charts/style.ts';

export const PAGE_ASSETS = 'src/report/formats/html/assets.ts';

const FOLDER = new URL('../src/report/formats/html/assets/', import.meta.url);

/** The module's text. The report folder is pure and cannot read files, so it imports them as text. */
export function pageAssets(): string {
  return `// Made by \`npm run schemas\` from assets/: do not edit.
export interface Asset {
  readonly text: string;
  /** As a content security policy names it. */
  readonly hash: string;
}

export const ASSETS: Readonly<Record<'style' | 'script', Asset>> = {
  style: ${asset(textOf('style.css') + CHART_STYLE)},
  script: ${asset(textOf('page.js'))},
};
`;
}

function textOf(file: string): string {
  return readFileSync(new URL(file, FOLDER), 'utf8');
}

function asset(text: string): string {
  const digest = createHash('sha256').update(text).digest('base64');
  return `{\n    hash: 'sha256-${digest}',\n    text: ${JSON.stringify(text)},\n  }`;
}
