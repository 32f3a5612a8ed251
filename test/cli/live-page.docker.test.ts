/** A run watched in a real browser: its page follows it and turns into its report. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, launch, type Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { layOut } from '../support/lay-out.ts';
import { type Started, startPaceline } from '../support/paceline.ts';
import { serve, type Served } from '../support/served.ts';

const PROJECT = {
  'Dockerfile.test': 'FROM python:3.11-slim\nCOPY work.py /work.py\nCMD ["python", "/work.py"]\n',
  // Its output looks like markup and has colours. The engine hands out a line once it is complete.
  'work.py': `import sys, time
print("<script>document.title = 'taken over'</script>", flush=True)
print("\\033[32mgreen\\033[0m ", flush=True)
print("..F", flush=True)
time.sleep(20)
`,
  'paceline.yml': `
project: watched
build: { modes: [cold] }
scenarios:
  - { name: First, command: python /work.py, target: "< 60 s" }
  - { name: Second, command: python /work.py, target: "< 60 s" }
`,
};

let served: Served;
let project: string;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  served = await serve('live-page', async () => ({}));
  project = join(served.root, 'watched');
  mkdirSync(project);
  layOut(project, PROJECT);
  browser = await launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  page = await browser.newPage();
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(pagesUrl()) && !request.url().startsWith('data:')) complaints.push(request.url());
  });
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
});

function pagesUrl(): string {
  return String(JSON.parse(readFileSync(join(served.root, 'data/server.json'), 'utf8')).pagesUrl);
}

/** A value in the page. Its code is text: Node's types know no document. */
function inPage<T>(expression: string): Promise<T> {
  return page.evaluate(expression) as Promise<T>;
}

async function until(condition: string, timeout: number): Promise<void> {
  await page.waitForFunction(condition, { timeout });
}

function said(selector: string): Promise<string> {
  return inPage(`document.querySelector(${JSON.stringify(selector)}).textContent`);
}

async function open(run: Started): Promise<void> {
  await run.until(/^Page {2}http\S+$/m);
  const { stdout, stderr } = run.seen();
  const [, url = ''] = /^Page {2}(http\S+)$/m.exec(stdout + stderr) ?? [];
  await page.goto(url);
}

const SUMMARY = "document.querySelector('.summary')?.textContent";
const IS_REPORT = 'document.body.dataset.live === undefined';

test('shows the trials and their output as they come, then the report', async () => {
  const run = startPaceline(['run', '--project', project, ...served.data]);
  await open(run);

  await until(`${SUMMARY}?.startsWith('Trial 1 of 2: ')`, 240_000);
  // From here on nothing is loaded again: all of this comes by the stream.
  await inPage('window.isFirst = true; 0');
  await until("document.querySelector('pre')?.textContent.endsWith('..F')", 60_000);
  expect(await said('.verdict')).toContain('running');
  expect(await said('pre')).toBe("<script>document.title = 'taken over'</script>\ngreen\n..F");
  await until("document.getElementById('usage')?.textContent.includes('tests')", 60_000);
  await until(`${SUMMARY}?.startsWith('Trial 2 of 2: ')`, 120_000);
  expect(await inPage('window.isFirst')).toBe(true);

  const { code } = await run.output;
  await until(IS_REPORT, 60_000);
  expect(code).toBe(0);
  expect(new URL(page.url()).pathname).toMatch(/^\/runs\/[^/]+\/$/);
  expect(await said('.verdict')).toContain('pass');
  expect(await page.title()).toBe('watched: pass');
  expect(await inPage("document.querySelector('.about a').href")).toContain('/namespaces/default/workflows/');
  expect(complaints).toEqual([]);
});

test('a run that is cancelled turns into its report too', async () => {
  const run = startPaceline(['run', '--project', project, '--fresh', ...served.data]);
  await open(run);
  await until('document.body.dataset.live !== undefined', 60_000);
  run.child.kill('SIGINT');
  await run.output;
  await until(IS_REPORT, 60_000);
  expect(await said('.verdict')).toContain('cancelled');
  expect(complaints).toEqual([]);
});
