/** The command as it is installed: what it loads decides how long a short command takes. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { layOut } from '../support/lay-out.ts';
import { environment } from '../support/paceline.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const BIN = fileURLToPath(new URL('../../bin/paceline.js', import.meta.url));
/** Prints each module that Node loads. */
const PRINT_LOADED = `data:text/javascript,${encodeURIComponent(`
import { registerHooks } from 'node:module';
registerHooks({ load: (url, context, next) => (console.error('loads ' + url), next(url, context)) });
`)}`;

function plan(text: string, ...nodeFlags: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const project = layOut(temporaryFolder(), { 'paceline.yml': text });
  const argv = [...nodeFlags, BIN, 'plan', '--project', project];
  const env = environment({ XDG_CACHE_HOME: join(project, 'cache') });
  return new Promise((resolve) => {
    execFile(process.execPath, argv, { env }, (_, stdout, stderr) => resolve({ stdout, stderr }));
  });
}

test('of the languages of zod, only English is loaded', async () => {
  const { stdout, stderr } = await plan('project: mine\n', '--import', PRINT_LOADED);
  expect(stdout).toContain('project: mine');
  const languages = [...stderr.matchAll(/^loads .*\/zod\/v4\/locales\/(\S+)$/gm)].map(([, file]) => file);
  expect(languages).toEqual(['en.js']);
});

test('what is wrong with a plan has its own words all the same', async () => {
  const { stderr } = await plan('project: mine\ntrials: { repeat: 0, seed: x }\n');
  expect(stderr).toContain('trials.repeat is 0, less than 1.');
  expect(stderr).toContain('trials.seed must be a whole number');
});
