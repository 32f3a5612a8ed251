/**
 * Compose cannot read everything that `docker compose config` prints. It leaves out zeros that it requires, and writes
 * some keys and values in forms that it refuses. Here they get the form of a compose file again. Output of a later
 * compose that is right stays unchanged.
 */

type Node = Readonly<Record<string, unknown>>;

/**
 * @param printed what compose printed, parsed; anything at all
 * @returns the same document, in forms that compose and buildx read
 */
export function readable(printed: unknown): unknown {
  if (!isNode(printed) || !isNode(printed['services'])) return printed;
  return {
    ...printed,
    services: mapValues(printed['services'], (service) => (isNode(service) ? ofService(service) : service)),
  };
}

function ofService(service: Node): Node {
  return mapKeys(service, {
    ulimits: wholeLimits,
    memswap_limit: negativeAsNumber,
    shm_size: negativeAsNumber,
    blkio_config: (value) => (isNode(value) ? mapValues(value, withSmallKeys) : value),
    build: (value) => (isNode(value) ? mapKeys(value, { ulimits: wholeLimits, ssh: sshKeys }) : value),
  });
}

/** `core: 0` is printed as `core: {}`, and a soft limit of 0 not at all. */
function wholeLimits(limits: unknown): unknown {
  if (!isNode(limits)) return limits;
  return mapValues(limits, (limit) => (isNode(limit) ? { soft: 0, hard: 0, ...limit } : limit));
}

/** Sizes are printed as strings, but compose reads -1 (unlimited) only as a number. */
function negativeAsNumber(size: unknown): unknown {
  return typeof size === 'string' && /^-\d+$/.test(size) ? Number(size) : size;
}

/** Devices and rates of `blkio_config` are printed with the keys `Path`, `Weight` and `Rate`. */
function withSmallKeys(devices: unknown): unknown {
  if (!Array.isArray(devices)) return devices;
  return devices.map((device) =>
    isNode(device)
      ? Object.fromEntries(Object.entries(device).map(([key, value]) => [key.toLowerCase(), value]))
      : device,
  );
}

/** A key with a path is written `id=path` in the file and for buildx, and printed as `id: path`. */
function sshKeys(keys: unknown): unknown {
  if (!Array.isArray(keys)) return keys;
  return keys.map((key) => (typeof key === 'string' ? key.replace(/^([^=:\s]+): /, '$1=') : key));
}

function mapKeys(node: Node, of: Readonly<Record<string, (value: unknown) => unknown>>): Node {
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, Object.hasOwn(of, key) ? of[key]?.(value) : value]),
  );
}

function mapValues(node: Node, of: (value: unknown) => unknown): Node {
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, of(value)]));
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
