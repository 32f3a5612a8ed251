/** Base images that can be neither found nor pulled, and their replacements. */
import type { Problem } from '../../model/failure.ts';
import type { StandIn } from '../../model/run.ts';

export interface StandInPlan {
  /** The images that get a stand-in: by `--build-context` in builds, by the compose file for services. */
  readonly use: readonly StandIn[];
  /** One problem for each image that is not available at all. */
  readonly missing: readonly Problem[];
}

/**
 * Looks for each image in this order: in the engine, at its registry, among the stand-ins.
 * @param options.needed images as the project writes them, e.g. `python:3.12-alpine`
 * @param options.tryPull null if it was pulled, else the reason in the words of the registry or the engine
 * @param options.standIns the stand-in for a repository, e.g. `{python: 'paceline/stand-in-python:3.11'}`
 */
export async function planStandIns(options: {
  readonly needed: readonly string[];
  readonly isLocal: (image: string) => Promise<boolean>;
  readonly tryPull: (image: string) => Promise<string | null>;
  readonly standIns: Readonly<Record<string, string>>;
}): Promise<StandInPlan> {
  const use: StandIn[] = [];
  const missing: Problem[] = [];
  for (const image of new Set(options.needed)) {
    if (await options.isLocal(image)) continue;
    const refusal = await options.tryPull(image);
    if (refusal === null) continue;
    const standIn = standInFor(image, options.standIns);
    if (standIn === null) missing.push(unavailable(image, refusal));
    else use.push({ image, standIn });
  }
  return { use, missing };
}

/** @returns the stand-in for an official image, whatever its tag; null for every other image */
export function standInFor(image: string, standIns: Readonly<Record<string, string>>): string | null {
  const repository = officialRepository(image);
  return repository !== null && Object.hasOwn(standIns, repository) ? (standIns[repository] ?? null) : null;
}

/**
 * The name of an official image: `python`, `library/python`, with or without the default registry's name, and any
 * registry's copy of `library/python`. Another registry's `python` is not an official image.
 *
 * @returns e.g. `python`; null if it is not an official image
 */
export function officialRepository(image: string): string | null {
  const name = withoutTag(image);
  const parts = name.split('/');
  const [first = ''] = parts;
  const hasHost = parts.length > 1 && (/[.:]/.test(first) || first === 'localhost');
  const isDefault = !hasHost || /^(?:index\.)?docker\.io$/.test(first);
  const path = hasHost ? parts.slice(1) : parts;
  const last = path.at(-1) ?? '';
  if (path.length === 1) return isDefault ? last : null;
  return path.at(-2) === 'library' ? last : null;
}

function withoutTag(image: string): string {
  const [name = ''] = image.split('@');
  const colon = name.lastIndexOf(':');
  // A colon before a slash is a port.
  return colon > name.lastIndexOf('/') ? name.slice(0, colon) : name;
}

function unavailable(image: string, reason: string): Problem {
  return {
    type: 'ImageUnavailable',
    what: `The image ${image} is not on this host and cannot be pulled.`,
    next: `Check the name and the network. If its registry is private, log in. Or load it with \`docker load\`; \`docker pull ${image}\` must work.`,
    detail: reason,
  };
}
