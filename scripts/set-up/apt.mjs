import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { distributionSources, forSuite, pinTo } from './apt-sources.mjs';
import { run } from './run.mjs';

/** The machine's source files as `{name, text}`, as apt would read them. */
export function readMachineSources() {
  const names = ['/etc/apt/sources.list'];
  const folder = '/etc/apt/sources.list.d';
  if (existsSync(folder))
    names.push(
      ...readdirSync(folder)
        .filter((name) => /\.(list|sources)$/.test(name))
        .map((name) => join(folder, name)),
    );
  return names
    .filter((name) => existsSync(name))
    .map((name) => ({ name: name.split('/').at(-1), text: readFileSync(name, 'utf8') }));
}

/** Writes source files into a new directory and returns their paths. */
export function writeSources(folder, files) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return files.map((file) => {
    const path = join(folder, file.name);
    writeFileSync(path, file.text);
    return path;
  });
}

let last = Promise.resolve();

/**
 * Installs packages with a private apt configuration: own sources, lists and pins, all in the cache directory. /etc/apt and
 * /var/lib/apt/lists do not change. With `newer`, those packages come from that suite and the rest from the machine's own.
 * Calls wait for each other, because parts that are installed in parallel share the configuration.
 */
export function installPackages(...request) {
  last = last.catch(() => {}).then(() => install(...request));
  return last;
}

async function install(context, distribution, packages, newer) {
  const folder = join(context.cache, 'apt');
  const sources = readMachineSources();
  const own = distributionSources(sources, distribution.codename);
  if (own.length === 0) throw new Error(`no apt source of ${distribution.codename} found under /etc/apt`);
  writeSources(
    join(folder, 'sources'),
    newer ? [...own, ...forSuite(sources, distribution.codename, newer.suite)] : own,
  );
  mkdirSync(join(folder, 'lists/partial'), { recursive: true });
  writeFileSync(join(folder, 'preferences'), newer ? pinTo(newer.suite, newer.packages) : '');
  const options = {
    'Dir::Etc::SourceList': '/dev/null',
    'Dir::Etc::SourceParts': join(folder, 'sources'),
    'Dir::State::Lists': join(folder, 'lists'),
    'Dir::Etc::Preferences': join(folder, 'preferences'),
    'Dir::Etc::PreferencesParts': '/dev/null',
    'Acquire::Languages': 'none',
    'DPkg::Lock::Timeout': '300',
    // The user of apt cannot read below root's home, where the cache directory is.
    'APT::Sandbox::User': 'root',
  };
  const apt = ['apt-get', ...Object.entries(options).flatMap(([key, value]) => ['-o', `${key}=${value}`])];
  const settings = {
    log: context.log,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_SUSPEND: '1' },
  };
  await run([...apt, 'update'], settings);
  await run([...apt, 'install', '-y', '--no-install-recommends', ...packages], settings);
}
