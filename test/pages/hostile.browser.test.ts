/// <reference lib="dom" />
/** Text from outside in a real browser: it stays text wherever a page shows it. */
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseFactsFile, resultOfFacts } from '../../src/analysis/facts-file.ts';
import type { RunResult } from '../../src/model/result.ts';
import type { RunFacts } from '../../src/model/run.ts';
import { link, paragraph } from '../../src/report/blocks.ts';
import { renderHtml } from '../../src/report/formats/html.ts';
import { renderPage } from '../../src/report/formats/html/page.ts';
import { BROWSER, type Pages, startBrowser } from '../support/browser.ts';
import { hostile } from '../support/hostile.ts';

const RUNS = ['pass', 'red-suite', 'missed-total', 'build-failed', 'slow-healthcheck', 'hostile-names'];

/** Where text from outside stands: names, branches, tests, commands, files, lines of logs, messages, patches. */
const FOREIGN = new Set(
  'project branch origin name service scenario message what next detail summary reason note example file text command evidence steps patch notes disturbed statement image standIn cpuModel value id'.split(
    ' ',
  ),
);

/** With `added` at the end of each such text. */
function withText<T>(value: T, added: string, key = ''): T {
  if (typeof value === 'string') return (FOREIGN.has(key) ? `${value}${added}` : value) as T;
  if (Array.isArray(value)) return value.map((each) => withText(each, added, key)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withText(each, added, name)])) as T;
}

function load(run: string): { readonly result: RunResult; readonly facts: RunFacts } {
  const file = parseFactsFile(readFileSync(new URL(`../golden/${run}/facts.json`, import.meta.url), 'utf8'), run);
  return { result: resultOfFacts(file, run), facts: file.facts };
}

function htmlWith(run: string, added: string): string {
  const { result, facts } = load(run);
  return renderHtml(withText(result, added), { facts: withText(facts, added), trends: [] });
}

const ATTACKS = [
  '<script>window.hacked=1</script>',
  '"><img src=x onerror="window.hacked=1">',
  "'><svg onload='window.hacked=1'>",
  '</style></title></pre></table></details><iframe srcdoc="<script>parent.hacked=1</script>"></iframe>',
  '<a href="javascript:window.hacked=1">x</a><form action=//evil.example><input autofocus onfocus="window.hacked=1">',
  '--><base href="https://evil.example/"><meta http-equiv=refresh content="0;url=https://evil.example/">',
];

describe.skipIf(BROWSER === null)('text from outside', () => {
  let pages: Pages;
  beforeAll(async () => {
    pages = await startBrowser();
  });
  afterAll(() => pages?.close());

  /** How many elements of each kind, and whatever could run. */
  async function seen(html: string) {
    const { page, said, asked } = await pages.open(html);
    const found = await page.evaluate(() => {
      const all = [...document.querySelectorAll('*')];
      const tags: Record<string, number> = {};
      // A chart leaves out labels that do not fit: how many it has depends on the text's length.
      for (const { tagName } of all) tags[tagName] = /^(?:text|tspan)$/.test(tagName) ? 1 : (tags[tagName] ?? 0) + 1;
      return {
        tags,
        hacked: 'hacked' in globalThis,
        handlers: all
          .flatMap((each) => [...each.attributes].map(({ name }) => name))
          .filter((name) => /^on/i.test(name)),
        schemes: all
          .flatMap((each) => ['href', 'src', 'action', 'xlink:href'].map((name) => each.getAttribute(name)))
          .filter((value) => value !== null && /^\s*(?:javascript|vbscript|data:text)/i.test(value)),
      };
    });
    await page.close();
    return { ...found, said, asked };
  }

  test.each(RUNS)('makes no element of the page of %s, and runs nothing', async (run) => {
    const plain = await seen(htmlWith(run, 'words of the same kind'));
    for (const attack of ATTACKS) {
      const attacked = await seen(htmlWith(run, attack));
      expect(attacked, attack).toMatchObject({ hacked: false, handlers: [], schemes: [], asked: [], said: [] });
      expect(attacked.tags, attack).toEqual(plain.tags);
    }
  });

  test('of any kind runs nothing and asks for nothing', async () => {
    for (const text of fc.sample(hostile, { numRuns: 30, seed: 15 })) {
      const found = await seen(htmlWith('pass', text));
      expect(found, JSON.stringify(text)).toMatchObject({
        hacked: false,
        handlers: [],
        schemes: [],
        asked: [],
        said: [],
      });
      expect(found.tags['SCRIPT']).toBe(1);
    }
  });

  test.each([
    'javascript:window.hacked=1',
    ' javascript:alert(1)',
    'data:text/html,<script>1</script>',
    '//evil.example',
  ])('makes a link of no address such as %s', async (href) => {
    const html = renderPage({
      title: 'links',
      trail: [link('back', href)],
      headline: null,
      about: link('about', href),
      lead: [],
      sections: [{ id: 'a', title: 'A', summary: [paragraph(link('text of the link', href))], details: [] }],
    });
    const { page } = await pages.open(html);
    const links = await page.evaluate(() => [...document.links].map((each) => each.getAttribute('href')));
    expect(links.filter((each) => !each?.startsWith('#'))).toEqual([]);
    expect(await page.evaluate(() => document.body.textContent)).toContain('text of the link');
  });
});
