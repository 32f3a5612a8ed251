import { run } from './run.mjs';

/** The base images of examples/shop and of the original plan's defaults. */
export const imagesForSample = ['python:3.11-slim', 'postgres:16', 'redis:7'];

export const labels = {
  repository: 'paceline.stand-in',
  version: 'paceline.stand-in.version',
  recipe: 'paceline.stand-in.recipe',
};

/** Increased with every change of scripts/set-up/images/: a machine with older stand-ins rebuilds them. */
export const recipe = '2';

/** Repository → stand-in at this engine, e.g. `{python: 'paceline/stand-in-python:3.11'}`. The first one made is the default. By
 * name, because images built on one inherit its labels. */
export async function listStandIns(docker) {
  const ids = (await run([docker, 'images', '--quiet', '--no-trunc', '--filter', 'reference=paceline/stand-in-*']))
    .split('\n')
    .filter(Boolean);
  if (ids.length === 0) return {};
  const images = JSON.parse(await run([docker, 'image', 'inspect', ...new Set(ids)]));
  const standIns = {};
  for (const image of images.sort((a, b) => a.Created.localeCompare(b.Created))) {
    const repository = image.Config.Labels?.[labels.repository];
    if (!repository || !isCurrent(image.Config.Labels)) continue;
    const tag = image.RepoTags?.find((name) => name.startsWith('paceline/stand-in-'));
    if (tag) standIns[repository] ??= tag;
  }
  return standIns;
}

/** The base has no recipe of its own; the images on top of it do. */
function isCurrent(found) {
  return !ingredients[found[labels.repository]] || found[labels.recipe] === recipe;
}

/** `python:3.13-slim-bookworm` → `{repository: 'python', version: '3.13'}`. A name without a version means any version. */
export function parseImage(image) {
  const [name, tag = ''] = image.replace(/^(docker\.io\/)?(library\/)?/, '').split(':');
  return { repository: name, version: /^\d+(\.\d+)?/.exec(tag)?.[0] ?? null };
}

/** The suite whose packages make the stand-in: the nearest Debian release, or on Ubuntu its own release. */
export function suiteFor({ repository, version }, distribution, debianSuites) {
  if (distribution.id !== 'debian') return distribution.codename;
  return (debianSuites.find((row) => version && row[repository] === version) ?? debianSuites[0]).suite;
}

/** From `apt-cache show`: the version in the stand-in's name. `5:7.0.15-1` → `7`, `3.11.2-1+b1` → `3.11`. */
export function versionOf(repository, packages) {
  const { name, shape } = ingredients[repository];
  const version = new RegExp(`^Package: ${name}\\n(?:.+\\n)*?Version: (?:\\d+:)?(.*)$`, 'm').exec(packages)?.[1] ?? '';
  return shape.exec(version)?.[0] ?? null;
}

/** The package whose version counts, and how many of its parts. */
export const ingredients = {
  python: { name: 'python3', shape: /^\d+\.\d+/ },
  postgres: { name: 'postgresql', shape: /^\d+/ },
  redis: { name: 'redis-server', shape: /^\d+/ },
};
