import { describe, expect, it } from 'vitest';
// @ts-expect-error plain JavaScript: it runs before anything is installed
import * as npm from '../../scripts/npm.mjs';
// @ts-expect-error
import * as apt from '../../scripts/set-up/apt-sources.mjs';
// @ts-expect-error
import { extraCertificates } from '../../scripts/set-up/certificates.mjs';
// @ts-expect-error
import { chooseDocker, planEngine, readInfo } from '../../scripts/set-up/choose-docker.mjs';
// @ts-expect-error
import { debianSuites, distributionOf, readOsRelease } from '../../scripts/set-up/distribution.mjs';
// @ts-expect-error
import { isUpToDate } from '../../scripts/set-up/node-modules.mjs';
// @ts-expect-error
import { parseImage, suiteFor, versionOf } from '../../scripts/set-up/stand-ins.mjs';
// @ts-expect-error
import { defaultRouteMtu, engineFlags } from '../../scripts/set-up/start-engine.mjs';

const debian12 = distributionOf({ ID: 'debian', VERSION_ID: '12', VERSION_CODENAME: 'bookworm' });
const ubuntu = distributionOf({ ID: 'ubuntu', VERSION_ID: '24.04', VERSION_CODENAME: 'noble' });

describe('which docker to take', () => {
  const bare = {
    path: '/usr/local/bin/docker',
    client: '28.2.2',
    engine: null,
    compose: false,
    buildx: false,
    errors: [],
  };
  const whole = {
    path: '/usr/bin/docker',
    client: '26.1.5',
    engine: '26.1.5',
    compose: true,
    buildx: true,
    errors: [],
  };

  it.each([
    ['none where none has plugins', [bare], null],
    ['not the bare client that comes first', [bare, whole], whole.path],
    [
      "the engine's own version before a newer one that found the same plugins",
      [{ ...bare, engine: '26.1.5', compose: true, buildx: true }, whole],
      whole.path,
    ],
    [
      'the first where no version agrees',
      [
        { ...whole, path: '/a', client: '27.0.0' },
        { ...whole, path: '/b', client: '28.0.0' },
      ],
      '/a',
    ],
    ['none where the engine does not answer', [{ ...whole, engine: null }], null],
  ])('%s', (_, dockers, path) => expect(chooseDocker(dockers)?.path ?? null).toBe(path));

  it('reads what `docker info` prints without an engine', () => {
    const info = {
      ServerVersion: '',
      ServerErrors: ['permission denied'],
      ClientInfo: { Version: '26', Context: 'default', Plugins: [{ Name: 'compose' }, { Name: 'buildx', Err: 'x' }] },
    };
    expect(readInfo(JSON.stringify(info))).toEqual({
      client: '26',
      engine: null,
      context: 'default',
      compose: true,
      buildx: false,
      errors: ['permission denied'],
    });
    expect(readInfo('no JSON')).toMatchObject({ engine: null, compose: false });
  });

  const machine = { dockers: [bare], dockerd: undefined, root: true, distribution: debian12, endpoint: null };
  const stopped = { ...whole, engine: null };
  it.each([
    [
      'root on Debian installs all',
      machine,
      {
        do: 'install',
        packages: ['docker.io', 'containerd', 'iptables', 'docker-cli', 'docker-compose', 'docker-buildx'],
      },
    ],
    [
      'on Ubuntu its own names',
      { ...machine, distribution: ubuntu, dockers: [] },
      { do: 'install', packages: ['docker.io', 'iptables', 'docker-compose-v2', 'docker-buildx'] },
    ],
    [
      'only the plugins where the engine answers',
      { ...machine, dockers: [{ ...bare, engine: '26' }] },
      { do: 'install', packages: ['docker-compose', 'docker-buildx'] },
    ],
    [
      'an installed engine is started',
      { ...machine, dockers: [stopped], dockerd: '/usr/sbin/dockerd' },
      { do: 'start' },
    ],
    [
      'an ordinary user gets the advice to start it',
      { ...machine, root: false, dockers: [stopped], dockerd: '/usr/sbin/dockerd' },
      { do: 'refuse', sentence: expect.stringMatching(/is not running/) },
    ],
    [
      'an ordinary user sees what is missing',
      { ...machine, root: false },
      { do: 'refuse', sentence: expect.stringMatching(/an engine with its compose and buildx plugins/) },
    ],
    [
      'another distribution is named',
      { ...machine, distribution: null },
      { do: 'refuse', sentence: expect.stringMatching(/install Docker Engine/) },
    ],
    [
      'DOCKER_HOST that does not answer',
      { ...machine, endpoint: 'tcp://h:1' },
      { do: 'refuse', sentence: expect.stringMatching(/tcp:\/\/h:1/) },
    ],
    [
      'not in the docker group',
      { ...machine, root: false, dockers: [{ ...stopped, errors: ['permission denied while'] }] },
      { do: 'refuse', sentence: expect.stringMatching(/usermod/) },
    ],
  ])('%s', (_, input, expected) => {
    expect(planEngine(input)).toMatchObject(expected);
  });
});

describe('apt sources for another suite', () => {
  const deb822 = {
    name: 'debian.sources',
    text: 'Types: deb\n# a comment\nURIs: http://mirror.example/debian\nSuites: bookworm bookworm-updates bookworm-backports\nComponents: main\nSigned-By: /usr/share/keyrings/k.gpg\n\nTypes: deb\nURIs: http://vendor.example/bookworm\nSuites: bookworm\nComponents: stable\n',
  };
  const lines = {
    name: 'sources.list',
    text: '# deb http://old.example bookworm main\ndeb [signed-by=/k.gpg] http://mirror.example/bookworm bookworm main contrib\ndeb http://mirror.example/sec bookworm-security main\ndeb-src http://mirror.example/d bookworm main\ndeb http://vendor.example/d bookworm stable\n',
  };

  it('takes the release, updates and security, not backports or vendors', () => {
    expect(apt.forSuite([deb822], 'bookworm', 'trixie')).toEqual([
      {
        name: 'trixie-debian.sources',
        text: 'Types: deb\nURIs: http://mirror.example/debian\nSuites: trixie trixie-updates\nComponents: main\nSigned-By: /usr/share/keyrings/k.gpg\n',
      },
    ]);
    expect(apt.forSuite([lines], 'bookworm', 'trixie')[0].text).toBe(
      'deb [signed-by=/k.gpg] http://mirror.example/bookworm trixie main contrib\ndeb http://mirror.example/sec trixie-security main\n',
    );
  });
  it('leaves out disabled entries and files without own ones', () => {
    expect(
      apt.distributionSources(
        [
          { ...deb822, text: `Enabled: no\n${deb822.text}` },
          { name: 'x.list', text: '' },
        ],
        'bookworm',
      ),
    ).toEqual([]);
  });
});

it.each([
  ['python', 'Package: python3\nSource: python3-defaults (3.11.2-1)\nVersion: 3.11.2-1+b1\n', '3.11'],
  ['postgres', 'Package: postgresql\nVersion: 15+248+deb12u2\n', '15'],
  ['redis', 'Package: redis\nVersion: 1\n\nPackage: redis-server\nVersion: 5:7.0.15-1\n', '7'],
  ['redis', '', null],
])('the version of the %s stand-in', (repository, packages, version) =>
  expect(versionOf(repository, packages)).toBe(version),
);

it.each([
  ['python:3.13-slim-bookworm', { repository: 'python', version: '3.13' }, 'trixie'],
  ['docker.io/library/python:3.12', { repository: 'python', version: '3.12' }, 'bookworm'],
  ['postgres', { repository: 'postgres', version: null }, 'bookworm'],
])('%s', (image, parsed, suite) => {
  expect(parseImage(image)).toEqual(parsed);
  expect(suiteFor(parsed, debian12, debianSuites)).toBe(suite);
  expect(suiteFor(parsed, ubuntu, debianSuites)).toBe('noble');
});

it('knows its distributions', () => {
  expect(distributionOf(readOsRelease('ID=debian\nVERSION_ID="11"\n'))).toBeNull();
  expect(distributionOf(readOsRelease('ID=debian\nVERSION_ID="13"\nVERSION_CODENAME=trixie\n'))).toMatchObject({
    newerSuite: null,
  });
  expect(debian12).toMatchObject({ codename: 'bookworm', newerSuite: 'trixie' });
});

it('sets the MTU only on a narrow link', () => {
  const table =
    'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\neth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\n';
  expect(defaultRouteMtu(table, (device: string) => (device === 'eth0' ? 1400 : 0))).toBe(1400);
  expect(defaultRouteMtu('Iface\n', () => 0)).toBe(1500);
  expect(engineFlags(1400)).toEqual([
    '--mtu',
    '1400',
    '--default-network-opt',
    'bridge=com.docker.network.driver.mtu=1400',
  ]);
  expect(engineFlags(1500)).toEqual([]);
});

it('compares installed packages by content', () => {
  const lock = { packages: { '': {}, a: { version: '1' }, b: { version: '2', optional: true } } };
  expect(isUpToDate(lock, { packages: { a: { version: '1' } } })).toBe(true);
  expect(isUpToDate(lock, { packages: { a: { version: '2' } } })).toBe(false);
  expect(isUpToDate(lock, { packages: {} })).toBe(false);
  expect(isUpToDate(lock, { packages: { a: { version: '1' }, c: { version: '1' } } })).toBe(false);
  expect(isUpToDate(lock, undefined)).toBe(false);
});

it("finds the machine's own authorities", () => {
  const pem = (name: string) => `-----BEGIN CERTIFICATE-----\n${name}\n-----END CERTIFICATE-----\n`;
  expect(extraCertificates(pem('own') + pem('usual') + pem('own'), [pem('usual')])).toEqual([pem('own').trim()]);
});

it.each([
  [[], ['run', '--project', '/r/examples/shop']],
  [['--json'], ['run', '--project', '/r/examples/shop', '--json']],
  [
    ['--project', 'x'],
    ['run', '--project', 'x'],
  ],
  [['--project=x'], ['run', '--project=x']],
  [
    ['-p', 'x'],
    ['run', '-p', 'x'],
  ],
  [
    ['--git', 'u'],
    ['run', '--git', 'u'],
  ],
  [['--help'], ['run', '--help']],
])('npm start -- %j', (flags, expected) => expect(npm.runArguments(flags, '/r')).toEqual(expected));

it('npm start says what set-up found, and how long the sample takes', () => {
  const found = { docker: null, temporal: '/opt/temporal', standIns: { python: 'paceline/python' } };
  expect(npm.readyLines(found, true)).toEqual([
    "everything is there: Temporal's command line is /opt/temporal; stand-ins for python.",
    'the sample project in examples/shop takes about 5 minutes on a quiet machine.',
  ]);
  expect(npm.readyLines({ docker: null, temporal: null, standIns: {} }, false)).toEqual(['everything is there.']);
});
