import { readFileSync } from 'node:fs';

/** /etc/os-release as an object. Empty if the file does not exist. */
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

/** The suites whose Python, PostgreSQL and Redis can be used for stand-ins. One row per Debian release. */
export const debianSuites = [
  { suite: 'bookworm', release: '12', python: '3.11', postgres: '15', redis: '7' },
  { suite: 'trixie', release: '13', python: '3.13', postgres: '17', redis: '8' },
];

/**
 * What set-up may do on this distribution. null if it installs nothing. `newerSuite`: the Docker of Debian 12 is older than
 * compose v2 and buildx, and that of Debian 13 runs on Debian 12's libraries.
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

/** Ubuntu's docker.io contains the client too. */
function ubuntuDocker({ engine, client, plugins }) {
  return [
    ...(engine || !client ? ['docker.io', 'iptables'] : []),
    ...(plugins ? ['docker-compose-v2', 'docker-buildx'] : []),
  ];
}
