import { readFileSync } from 'node:fs';

/** /etc/os-release as an object; empty where there is none. */
export function readOsRelease(text = readIfThere('/etc/os-release')) {
  const entries = text
    .split('\n')
    .map((line) => /^([A-Z_]+)="?(.*?)"?$/.exec(line))
    .filter(Boolean);
  return Object.fromEntries(entries.map(([, key, value]) => [key, value]));
}

export function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** The suites whose Python, PostgreSQL and Redis can stand in; one row a Debian release. */
export const debianSuites = [
  { suite: 'bookworm', release: '12', python: '3.11', postgres: '15', redis: '7' },
  { suite: 'trixie', release: '13', python: '3.13', postgres: '17', redis: '8' },
];

/**
 * What set-up may do on this distribution, or null where it installs nothing. `newerSuite`: Debian 12's own Docker is
 * older than compose v2 and buildx, Debian 13's runs on Debian 12's libraries.
 */
export function distributionOf(release) {
  const number = Number(release.VERSION_ID);
  if (release.ID === 'debian' && number >= 12) {
    return {
      id: 'debian',
      codename: release.VERSION_CODENAME,
      newerSuite: number < 13 ? 'trixie' : null,
      dockerPackages: debianDocker,
    };
  }
  if (release.ID === 'ubuntu' && number >= 22.04) {
    return { id: 'ubuntu', codename: release.VERSION_CODENAME, newerSuite: null, dockerPackages: ubuntuDocker };
  }
  return null;
}

function debianDocker({ engine, client, plugins }) {
  return [
    ...(engine ? ['docker.io', 'containerd', 'iptables'] : []),
    ...(engine || !client ? ['docker-cli'] : []),
    ...(plugins ? ['docker-compose', 'docker-buildx'] : []),
  ];
}

/** Ubuntu's docker.io holds the client as well. */
function ubuntuDocker({ engine, client, plugins }) {
  return [
    ...(engine || !client ? ['docker.io', 'iptables'] : []),
    ...(plugins ? ['docker-compose-v2', 'docker-buildx'] : []),
  ];
}
