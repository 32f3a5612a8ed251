import { existsSync } from 'node:fs';
import { installPackages } from './apt.mjs';
import { distributionOf, readOsRelease } from './distribution.mjs';
import { findOnPath } from './find.mjs';
import { CommandFailed } from './run.mjs';
import { say } from './say.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const ON_A_MAC = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** The path of Chromium or Chrome; undefined where there is none. PACELINE_TEST_BROWSER names another one. */
export function findBrowser() {
  const named = process.env.PACELINE_TEST_BROWSER;
  if (named) return named;
  for (const name of NAMES) {
    const found = findOnPath(name);
    if (found) return found;
  }
  return ON_A_MAC.find((path) => existsSync(path));
}

/** Only for the tests of the pages. It is never fatal: without a browser they are left out, which is said. */
export const browser = {
  name: 'a browser',
  check: () => findBrowser(),
  async install(context) {
    const distribution = distributionOf(readOsRelease());
    // Ubuntu's package is a snap, which does not run in a container.
    if (distribution?.id === 'debian' && process.getuid?.() === 0) {
      say('installing chromium: the tests of the pages need a browser');
      try {
        await installPackages(context, distribution, ['chromium', 'fonts-dejavu-core']);
      } catch (error) {
        if (!(error instanceof CommandFailed)) throw error;
      }
    }
    const found = findBrowser();
    if (!found)
      say(
        'the tests of the pages are left out: there is no Chromium or Chrome. Install one, or set PACELINE_TEST_BROWSER to its path',
      );
    return found ?? null;
  },
};
