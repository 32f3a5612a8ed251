/**
 * Takes the pictures of pages that README and docs show, from the facts of real runs.
 *
 *     npm run screenshots -- FACTS.json [FOLDER]     # FOLDER: docs/pictures
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseFactsFile, resultOfFacts } from '../src/analysis/facts-file.ts';
import { renderHtml } from '../src/report/formats/html.ts';
import { BROWSER, startBrowser } from '../test/support/browser.ts';

/** What is seen at first on a laptop and on a phone, in both schemes. */
const PICTURES = [
  { name: 'report', width: 1280, dark: false },
  { name: 'report-dark', width: 1280, dark: true },
  { name: 'report-phone', width: 360, dark: false },
];

const [file, folder = 'docs/pictures'] = process.argv.slice(2);
if (file === undefined || BROWSER === null) {
  console.error(
    file === undefined
      ? 'usage: npm run screenshots -- FACTS.json [FOLDER]'
      : 'There is no Chromium or Chrome. Install one, or set PACELINE_TEST_BROWSER to its path.',
  );
  process.exit(2);
}
const facts = parseFactsFile(readFileSync(file, 'utf8'), file);
const html = renderHtml(resultOfFacts(facts, file), { facts: facts.facts, trends: [] });
const pages = await startBrowser();
try {
  mkdirSync(folder, { recursive: true });
  for (const { name, width, dark } of PICTURES) {
    const { page } = await pages.open(html, { width, dark });
    const path = join(folder, `${name}.png`) as `${string}.png`;
    await page.screenshot({ path });
    console.log(path);
  }
} finally {
  await pages.close();
}
