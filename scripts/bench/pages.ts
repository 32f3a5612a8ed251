/**
 * Measures how long the page of a large run takes to make and to open in Chromium: 20,000 tests and 1,000 trials.
 *
 *     npm run bench:pages [-- ROUNDS]
 */
import { performance } from 'node:perf_hooks';
import { analyze } from '../../src/analysis/analyze.ts';
import { median } from '../../src/analysis/statistics/median.ts';
import { samplesOf } from '../../src/analysis/statistics/samples.ts';
import { renderHtml } from '../../src/report/formats/html.ts';
import { BROWSER, startBrowser } from '../../test/support/browser.ts';
import { largeRun } from '../../test/support/large-run.ts';

const AIM_SECONDS = 3;
const rounds = Number(process.argv[2] ?? 5);

const facts = largeRun();
const result = analyze(facts);
const began = performance.now();
const page = renderHtml(result, { facts, trends: [] });
console.log(`made in ${since(began)} s: ${(Buffer.byteLength(page) / 1e6).toFixed(2)} MB`);
if (BROWSER === null) throw new Error('There is no Chromium or Chrome. Install one, or set PACELINE_TEST_BROWSER.');
const pages = await startBrowser();
try {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    const opened = await pages.open(page);
    // Two frames: what is drawn first is on the screen then.
    await opened.page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    times.push((performance.now() - start) / 1000);
    await opened.page.close();
  }
  console.log(`opened in ${median(samplesOf(times)!).toFixed(2)} s (median of ${rounds}), aim ${AIM_SECONDS} s`);
} finally {
  await pages.close();
}

function since(start: number): string {
  return ((performance.now() - start) / 1000).toFixed(1);
}
