import type { DockerfileFacts } from '../../../model/project-files.ts';
import type { RunFacts } from '../../../model/run.ts';
import { figure } from '../../../format/figure.ts';
import { listOf } from '../../../format/list-of.ts';
import { placeOf } from '../../place-of.ts';
import { type Audit, type Finding, savesBetween } from '../audit.ts';
import { imagesOf } from '../support/dockerfile.ts';

/** Services with a `build` each get an image each, even if both are made from the same lines: two exports, two tags, two loads. */
export const imageBuiltTwice: Audit = {
  id: 'image-built-twice',
  title: 'Two services build the same image',
  ok: 'No two services build the same image.',
  requires: ['projectFiles', 'builds'],
  audit: ({ facts }) => {
    const files = facts.projectFiles?.dockerfiles ?? [];
    const groups = Map.groupBy(files, ({ file, target }) => JSON.stringify([file, target]));
    return [...groups.values()].flatMap((group) => finding(facts, group));
  },
};

function finding(facts: RunFacts, group: readonly DockerfileFacts[]): Finding[] {
  const services = [...new Set(group.flatMap((each) => each.services))]
    .filter((service) => buildsItself(facts, service))
    // The tests' own service keeps its build.
    .toSorted((a, b) => Number(b === facts.service) - Number(a === facts.service));
  const [first, second] = services;
  if (first === undefined || second === undefined) return [];
  const place = placeOf(facts.projectFiles, { kind: 'composeKey', service: second, key: ['build'] });
  const images = group
    .flatMap((each) => imagesOf(facts, 'cold', each))
    .filter((image, at, all) => all.findIndex(({ tag }) => tag === image.tag) === at);
  // Images of other arguments are other images: they are not the same one twice.
  if (images.length > 1 && new Set(images.map(({ imageBytes }) => imageBytes)).size > 1) return [];
  return [
    {
      kind: 'opportunity',
      message: `Build the image of ${listOf(services)} once: give ${first} an \`image:\` name, and let the others use that name without \`build:\`.`,
      evidence: [
        `all are built from ${group[0]?.file ?? ''}${group[0]?.target == null ? '' : `, stage ${group[0].target}`}`,
        ...images.map(
          ({ services: of, seconds }) => `the cold build for ${listOf(of)} took ${figure(seconds, 'second')}`,
        ),
      ],
      where: place,
      saves: savingOf(images),
      remedy: {
        kind: 'steps',
        steps: [
          `Add \`image: ${first}-image\` to ${first}.`,
          ...services.slice(1).map((service) => `In ${service}, replace \`build:\` by \`image: ${first}-image\`.`),
        ],
      },
    },
  ];
}

function buildsItself({ projectFiles }: RunFacts, service: string): boolean {
  return placeOf(projectFiles, { kind: 'composeKey', service, key: ['build'] }) !== null;
}

/** Paceline itself builds equal images once, so their second build is not in its figures, and cannot be measured either. */
function savingOf(images: readonly { readonly seconds: number }[]) {
  const rest = images.slice(1).reduce((sum, { seconds }) => sum + seconds, 0);
  if (images.length < 2) return null;
  return savesBetween('build.cold.duration', { value: rest, low: rest * 0.5, high: rest });
}
