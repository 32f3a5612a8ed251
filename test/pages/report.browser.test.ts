/// <reference lib="dom" />
/** report.html in a real browser: for runs that ended in different ways. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseFactsFile, resultOfFacts } from '../../src/analysis/facts-file.ts';
import { renderHtml } from '../../src/report/formats/html.ts';
import { BROWSER, type Opened, type Pages, startBrowser } from '../support/browser.ts';

const RUNS = ['pass', 'red-suite', 'missed-total', 'build-failed', 'slow-healthcheck'];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

function htmlOf(run: string): string {
  const name = new URL(`../golden/${run}/facts.json`, import.meta.url);
  const file = parseFactsFile(readFileSync(name, 'utf8'), run);
  return renderHtml(resultOfFacts(file, run), { facts: file.facts, trends: [] });
}

/** What axe-core finds wrong, one line each. */
async function violations({ page }: Opened): Promise<readonly string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const found = await axe.run();
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)} (${nodes.length})`);
  });
}

let pages: Pages;
beforeAll(async () => {
  if (BROWSER !== null) pages = await startBrowser();
});
afterAll(() => pages?.close());

describe.skipIf(BROWSER === null).each(RUNS)('the page of %s', (run) => {
  test.each([false, true])('opens without an error or a request, and everybody can use it (dark: %s)', async (dark) => {
    const opened = await pages.open(htmlOf(run), { dark });
    expect(await violations(opened)).toEqual([]);
    expect(opened.said).toEqual([]);
    expect(opened.asked).toEqual([]);
  });

  test('is used with the keyboard: the first stop skips to the content, and Tab reaches every control', async () => {
    const { page } = await pages.open(htmlOf(run));
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('skip');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await page.reload();
    const controls = await page.evaluate(() => {
      const all = [...document.querySelectorAll<HTMLElement>('a[href], button, input, summary, [tabindex="0"]')];
      const reachable = all.filter((each) => each.tabIndex >= 0 && each.checkVisibility({ visibilityProperty: true }));
      reachable.forEach((each, i) => {
        each.dataset['stop'] = String(i);
      });
      return reachable.length;
    });
    const reached = new Set<string>();
    const withoutFocusRing: string[] = [];
    for (let i = 0; i < controls + 5; i += 1) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(() => {
        const focused = document.activeElement as HTMLElement | null;
        const style = focused === null ? null : getComputedStyle(focused);
        const isSeen = style !== null && (style.outlineStyle !== 'none' || focused?.className === 'skip');
        return { stop: focused?.dataset['stop'] ?? '', isSeen, html: focused?.outerHTML.slice(0, 120) ?? '' };
      });
      if (at.stop === '') continue;
      reached.add(at.stop);
      if (!at.isSeen) withoutFocusRing.push(at.html);
    }
    expect(withoutFocusRing).toEqual([]);
    expect(reached.size).toBe(controls);
  });

  test('fits a phone: nothing makes the page scroll sideways', async () => {
    const { page } = await pages.open(htmlOf(run), { width: 360 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(360);
  });

  test('is printed', async () => {
    const { page } = await pages.open(htmlOf(run));
    const pdf = await page.pdf();
    expect(Buffer.from(pdf.slice(0, 5)).toString()).toBe('%PDF-');
    expect(pdf.length).toBeGreaterThan(10_000);
  });

  test('has all of its content without scripts', async () => {
    const text = async ({ page }: Opened) =>
      page.evaluate(() => {
        for (const added of document.querySelectorAll('.tools, button:not(th button)')) added.remove();
        return document.querySelector('main')?.textContent?.replaceAll(/\s+/g, ' ') ?? '';
      });
    const [without, withScripts] = [
      await text(await pages.open(htmlOf(run), { scripts: false })),
      await text(await pages.open(htmlOf(run))),
    ];
    expect(without.length).toBeGreaterThan(500);
    expect(without).toBe(withScripts);
  });
});
