import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const systemBundle = '/etc/ssl/certs/ca-certificates.crt';

/** Certificates of `bundle` that none of the `known` texts holds. Pure. */
export function extraCertificates(bundle, known) {
  const split = (text) =>
    (text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []).map((block) =>
      block.replace(/\s+/g, '\n').replace(/(BEGIN|END)\nCERTIFICATE/g, '$1 CERTIFICATE'),
    );
  const usual = new Set(known.flatMap(split));
  return [...new Set(split(bundle))].filter((certificate) => !usual.has(certificate));
}

/**
 * mmdebstrap hooks that put the authorities which only this machine trusts (a company's proxy, say) where the image's
 * own tools rebuild its bundle from. Without them no download inside a container gets through such a proxy.
 */
export function machineCertificates(folder) {
  const bundles = [process.env.NODE_EXTRA_CA_CERTS, process.env.SSL_CERT_FILE, systemBundle].filter(
    (path) => path && existsSync(path),
  );
  const usual = '/usr/share/ca-certificates/mozilla';
  const known = existsSync(usual) ? readdirSync(usual).map((name) => readFileSync(join(usual, name), 'utf8')) : [];
  // Without the machine's own list nothing can be told apart: then all of its authorities go in.
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

/** pip brings its own authorities: it is told to take the image's, and the machine's index where that is set. */
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
