/** A real browser for the tests of the pages. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, launch, type Page } from 'puppeteer-core';
// @ts-expect-error plain JavaScript: set-up runs before anything is installed
import { findBrowser } from '../../scripts/set-up/browser.mjs';

/** null where this machine has none: set-up reports it. */
export const BROWSER: string | null = (findBrowser as () => string | undefined)() ?? null;

export interface Opened {
  readonly page: Page;
  /** Errors and warnings of the page: the browser says there what its policy refused. */
  readonly said: readonly string[];
  /** What it asked for, apart from itself. */
  readonly asked: readonly string[];
}

export interface Pages {
  readonly open: (html: string, options?: OpenOptions) => Promise<Opened>;
  readonly close: () => Promise<void>;
}

export interface OpenOptions {
  readonly dark?: boolean;
  readonly scripts?: boolean;
  readonly width?: number;
}

export async function startBrowser(): Promise<Pages> {
  const folder = mkdtempSync(join(tmpdir(), 'paceline-pages-'));
  const browser: Browser = await launch({
    executablePath: BROWSER!,
    // The sandbox needs rights that root in a container does not have.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
    userDataDir: join(folder, 'profile'),
  });
  let count = 0;
  return {
    open: async (html, { dark = false, scripts = true, width = 1280 } = {}) => {
      const file = join(folder, `page-${(count += 1)}.html`);
      writeFileSync(file, html);
      const page = await browser.newPage();
      const [said, asked]: [string[], string[]] = [[], []];
      page.on('console', (message) => void said.push(message.text()));
      page.on('pageerror', (error) => void said.push(String(error)));
      await page.setRequestInterception(true);
      const own = pathToFileURL(file).href;
      page.on('request', (request) => {
        const url = request.url();
        if (url !== own && !url.startsWith('data:')) asked.push(url);
        void request.continue();
      });
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }]);
      await page.setViewport({ width, height: 900 });
      await page.setJavaScriptEnabled(scripts);
      await page.goto(own);
      return { page, said, asked };
    },
    close: async () => {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
