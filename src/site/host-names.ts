/**
 * Which names a browser may use for the pages. A page from elsewhere can make its own name point to this machine (DNS rebinding)
 * and would then count as the same site. An address in figures cannot be made to point elsewhere.
 */
import { isIP } from 'node:net';

/** @param names further names of this machine, such as that of a proxy */
export function hostNames(names: readonly string[]): (host: string | undefined) => boolean {
  const allowed = new Set(['localhost', ...names.map((name) => name.toLowerCase())]);
  return (host) => {
    const name = nameIn(host ?? '');
    return name !== null && (allowed.has(name) || name.endsWith('.localhost') || isIP(name) !== 0);
  };
}

/** @param host a Host header: a name or address, with or without a port. @returns null if it is something else */
function nameIn(host: string): string | null {
  const [, address, name] = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(host) ?? [];
  return (address ?? name)?.toLowerCase().replace(/\.$/, '') ?? null;
}
