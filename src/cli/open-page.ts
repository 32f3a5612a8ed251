/** Opens a page in the browser of the person at this machine. */
import { spawn } from 'node:child_process';

/** What each system opens files with. It asks the person's settings for the browser. */
const OPENERS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  linux: ['xdg-open'],
  // The empty text is the title of the window: without it, `start` takes the path for one.
  win32: ['cmd', '/c', 'start', ''],
};
/** Some openers return at once, others stay for as long as the browser: what has not failed by now has opened it. */
const FAILS_WITHIN_MS = 1_500;

/** @returns whether a browser was asked to; false where there is none, such as on a machine that is reached by SSH */
export async function openPage(
  path: string,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): Promise<boolean> {
  const [program, ...words] = OPENERS[platform] ?? [];
  if (program === undefined || (platform === 'linux' && !hasScreen(env))) return false;
  return new Promise((resolve) => {
    const child = spawn(program, [...words, path], { env, detached: true, stdio: 'ignore' });
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
    setTimeout(() => resolve(true), FAILS_WITHIN_MS).unref();
    child.unref();
  });
}

/** Without one, `xdg-open` would start a browser for the terminal. */
function hasScreen({ DISPLAY: x11, WAYLAND_DISPLAY: wayland }: NodeJS.ProcessEnv): boolean {
  return Boolean(x11 || wayland);
}
