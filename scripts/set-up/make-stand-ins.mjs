import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { distributionSources, forSuite } from './apt-sources.mjs';
import { installPackages, readMachineSources, writeSources } from './apt.mjs';
import { machineCertificates, pipSettings } from './certificates.mjs';
import { debianSuites, distributionOf, readOsRelease } from './distribution.mjs';
import { findOnPath } from './find.mjs';
import { attempt, CommandFailed, run } from './run.mjs';
import { say, withSignOfLife } from './say.mjs';
import { ingredients, labels, parseImage, recipe, suiteFor, versionOf } from './stand-ins.mjs';

/**
 * Makes stand-ins for images that cannot be pulled: one small system per suite with mmdebstrap, then each image in a build on
 * top. If one cannot be made, this is reported and the rest continues: a project may not need it.
 */
export async function makeStandIns(context, docker, images, why) {
  const distribution = distributionOf(readOsRelease());
  const names = images.join(', ');
  if (!distribution || process.getuid?.() !== 0) {
    say(
      `${names}: ${why}. Stand-ins can only be made by root on Debian or Ubuntu. Check that \`docker pull ${images[0]}\` works`,
    );
    return;
  }
  const requests = images.map(parseImage);
  const unknown = requests.find(({ repository }) => !ingredients[repository]);
  if (unknown) {
    say(`no stand-in for ${unknown.repository}: stand-ins exist for ${Object.keys(ingredients).join(', ')}`);
    return;
  }
  say(`making stand-ins for ${names} from ${distribution.id} packages, as paceline/stand-in-*: ${why}`);
  try {
    await withSignOfLife('making stand-ins', () => make(context, docker, distribution, requests));
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    say(`not all stand-ins could be made (log: ${context.log}): ${error.message}`);
  }
}

async function make(context, docker, distribution, requests) {
  if (!findOnPath('mmdebstrap')) {
    say('installing mmdebstrap, which makes stand-ins');
    await installPackages(context, distribution, ['mmdebstrap']);
  }
  const suiteOf = (request) => suiteFor(request, distribution, debianSuites);
  for (const suite of new Set(requests.map(suiteOf))) {
    const group = requests.filter((request) => suiteOf(request) === suite);
    const base = await makeBase(context, docker, distribution, suite);
    const names = group.map(({ repository }) => ingredients[repository].name);
    const show = ['apt-cache', 'show', '--no-all-versions', ...names];
    const packages = await run([docker, 'run', '--rm', '--network', 'none', base, ...show]);
    await Promise.all(
      group.map(({ repository }) => build(context, docker, base, repository, versionOf(repository, packages))),
    );
  }
}

/** A minimal system with the machine's package sources and certificates. Its package lists are kept for the builds on top. */
async function makeBase(context, docker, distribution, suite) {
  const tag = `paceline/stand-in-base:${suite}`;
  if ((await attempt([docker, 'image', 'inspect', tag])).code === 0) return tag;
  const machine = readMachineSources();
  const files =
    suite === distribution.codename
      ? distributionSources(machine, suite)
      : forSuite(machine, distribution.codename, suite);
  const sources = writeSources(join(context.cache, 'apt/stand-in-sources'), files);
  const folder = mkdtempSync(join(tmpdir(), 'paceline-base-'));
  try {
    const { extra, hooks } = machineCertificates(folder);
    const archive = join(folder, 'base.tar');
    const options = [
      ...['Acquire::Languages "none"', 'Acquire::GzipIndexes "true"', ...(await acquireSettings())].map(
        (option) => `--aptopt=${option}`,
      ),
      ...[
        'force-unsafe-io',
        ...['doc', 'man', 'info', 'locale'].map((name) => `path-exclude=/usr/share/${name}/*`),
      ].map((option) => `--dpkgopt=${option}`),
      '--include=ca-certificates,netbase,tzdata',
      '--skip=cleanup/apt/lists',
      ...[...hooks, ...pipSettings(folder)].map((hook) => `--customize-hook=${hook}`),
    ];
    await run(['mmdebstrap', '--mode=root', '--variant=minbase', ...options, suite, archive, ...sources], {
      log: context.log,
    });
    const bundle = '/etc/ssl/certs/ca-certificates.crt';
    const changes = [
      'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      // Programs with their own list of authorities must use the machine's as well.
      ...(extra ? [`ENV SSL_CERT_FILE=${bundle} REQUESTS_CA_BUNDLE=${bundle} NODE_EXTRA_CA_CERTS=${bundle}`] : []),
      `LABEL ${labels.repository}=${distribution.id} ${labels.version}=${suite}`,
      'CMD ["bash"]',
    ];
    await run([docker, 'import', ...changes.flatMap((change) => ['--change', change]), '-', tag], {
      log: context.log,
      input: openSync(archive, 'r'),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return tag;
}

/** The machine's settings for its archive (proxy, checks) apply inside as well. */
async function acquireSettings() {
  const dump = (await attempt(['apt-config', 'dump'])).stdout;
  return dump
    .split('\n')
    .filter((line) =>
      /^Acquire::((https?|ftp)::(Proxy|Verify)|Check-Valid-Until|Check-Date|Retries)\b.* "[^"]+";$/i.test(line),
    );
}

async function build(context, docker, base, repository, version) {
  if (!version)
    return say(`no stand-in for ${repository}: the distribution has no package ${ingredients[repository].name}`);
  const folder = join(context.root, 'scripts/set-up/images');
  const build = Object.entries({ BASE: base, VERSION: version, REPOSITORY: repository, RECIPE: recipe }).flatMap(
    ([key, value]) => ['--build-arg', `${key}=${value}`],
  );
  await run(
    [
      docker,
      'build',
      '--progress=plain',
      ...build,
      '--tag',
      `paceline/stand-in-${repository}:${version}`,
      '--file',
      join(folder, `${repository}.Dockerfile`),
      folder,
    ],
    { log: context.log },
  );
}
