import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const systemBundle = '/etc/ssl/certs/ca-certificates.crt';

/** Certificates of `bundle` that are in none of the `known` texts. Pure. */
export function extraCertificates(bundle, known) {
  const split = (text) =>
    (text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []).map((block) =>
      block.replace(/\s+/g, '\n').replace(/(BEGIN|END)\nCERTIFICATE/g, '$1 CERTIFICATE'),
    );
  const usual = new Set(known.flatMap(split));
  return [...new Set(split(bundle))].filter((certificate) => !usual.has(certificate));
}

/**
 * mmdebstrap hooks that copy the authorities which only this machine trusts (of a company's proxy, for example) to the place
 * from which the image's own tools rebuild its bundle. Without them no download inside a container works behind such a proxy.
 */
export function machineCertificates(folder) {
  const bundles = [process.env.NODE_EXTRA_CA_CERTS, process.env.SSL_CERT_FILE, systemBundle].filter(
    (path) => path && existsSync(path),
  );
  const usual = '/usr/share/ca-certificates/mozilla';
  const known = existsSync(usual) ? readdirSync(usual).map((name) => readFileSync(join(usual, name), 'utf8')) : [];
  // Without the machine's own list they cannot be distinguished. Then all of its authorities are added.
  const extra = extraCertificates(bundles.map((path) => readFileSync(path, 'utf8')).join('\n'), known);
  if (extra.length === 0) return { extra: 0, hooks: [] };
  const own = join(folder, 'paceline');
  mkdirSync(own);
  extra.forEach((certificate, index) => writeFileSync(join(own, `machine-${index + 1}.crt`), `${certificate}\n`));
  return {
    extra: extra.length,
    hooks: [`copy-in "${own}" /usr/local/share/ca-certificates`, 'chroot "$1" update-ca-certificates'],
  };
}

/** pip has its own authorities. This makes it use those of the image, and the machine's index if one is set. */
export function pipSettings(folder) {
  const machine = existsSync('/etc/pip.conf') ? readFileSync('/etc/pip.conf', 'utf8') : '';
  const setting = (name, variable) =>
    process.env[variable] ?? new RegExp(`^\\s*${name}\\s*=\\s*(.+)$`, 'm').exec(machine)?.[1];
  const index = [
    ['index-url', 'PIP_INDEX_URL'],
    ['extra-index-url', 'PIP_EXTRA_INDEX_URL'],
    ['trusted-host', 'PIP_TRUSTED_HOST'],
  ];
  const lines = index
    .map(([name, variable]) => [name, setting(name, variable)])
    .filter(([, value]) => value)
    .map(([name, value]) => `${name} = ${value}`);
  writeFileSync(join(folder, 'pip.conf'), ['[global]', `cert = ${systemBundle}`, ...lines, ''].join('\n'));
  return [`copy-in "${join(folder, 'pip.conf')}" /etc`];
}
