import type { DockerfileInstruction } from '../../../model/project-files.ts';
import type { RunFacts } from '../../../model/run.ts';
import { figure } from '../../../format/figure.ts';
import { makePatch } from '../../patches/make-patch.ts';
import { baseName, stagesTakenFrom } from '../../project-files/stages.ts';
import { type Audit, type Finding, savesUnknown } from '../audit.ts';
import { type Built, dockerfilesOf, imagesOf, linesOf, neededInstructions, secondsIn } from '../support/dockerfile.ts';

/** Images with a `-slim` variant of the same content, and what the full one has that few test images need. */
const SLIM =
  /^(?:(?:docker\.io\/)?library\/)?(python|node|ruby|openjdk|rust|golang|php|perl|debian):([\w.]+(?:-(?:bookworm|bullseye|trixie|buster))?)$/;
const HAS_SLIM = new Set(['python', 'node', 'ruby', 'openjdk', 'rust', 'perl', 'debian']);

/** The full image holds compilers and headers of about 700 MB, which each new builder and runner downloads and unpacks. */
export const baseImage: Audit = {
  id: 'base-image',
  title: 'The base image is larger than needed, or not pinned',
  ok: 'Each base image is pinned, and none has a smaller variant of the same kind.',
  requires: ['projectFiles', 'builds'],
  audit: ({ facts }) => {
    const built = dockerfilesOf(facts);
    if (built.length === 0) return [{ kind: 'notApplicable', reason: 'No Dockerfile was read.' }];
    return built.flatMap((each) =>
      froms(each).flatMap((from) => [...large(facts, each, from), ...unpinned(each, from)]),
    );
  },
};

/** Images of others: neither a stage nor a variable that is not known. */
function froms(built: Built): readonly DockerfileInstruction[] {
  return neededInstructions(built).filter(
    (each) =>
      each.keyword === 'FROM' &&
      stagesTakenFrom(built.dockerfile, each).length === 0 &&
      !each.arguments.startsWith('scratch'),
  );
}

function large(facts: RunFacts, built: Built, from: DockerfileInstruction): Finding[] {
  const { dockerfile } = built;
  const image = baseName(from);
  const [, name = '', tag = ''] = SLIM.exec(image) ?? [];
  if (!HAS_SLIM.has(name) || /slim|alpine/.test(tag) || image.includes('$')) return [];
  const lines = linesOf(facts.projectFiles, dockerfile, from);
  const slim = /^(.+)-(bookworm|bullseye|trixie|buster)$/.exec(tag);
  const better = slim === null ? `${name}:${tag}-slim` : `${name}:${slim[1]}-slim-${slim[2]}`;
  const patch =
    lines === null ||
    built.dockerfile.instructions.some(
      ({ keyword, arguments: words }) => keyword === 'RUN' && /\bgcc\b|\bmake\b/.test(words),
    )
      ? null
      : makePatch(facts.projectFiles, [
          {
            kind: 'replace',
            file: dockerfile.file,
            line: from.line,
            endLine: from.endLine,
            lines: lines.map((line) => line.replace(image, better)),
          },
        ]);
  const seconds = secondsIn(facts, 'cold', dockerfile, from);
  const bytes = imagesOf(facts, 'cold', dockerfile)[0]?.imageBytes ?? null;
  return [
    {
      kind: 'opportunity',
      message: `Use ${better} in place of ${image}: it lacks only compilers and headers, and is several times smaller.`,
      evidence: [
        ...(bytes === null ? [] : [`the image of the tests holds ${figure(bytes, 'byte')}`]),
        ...(seconds === null ? [] : [`the base image took ${figure(seconds, 'second')} in the cold build`]),
      ],
      where: { file: dockerfile.file, line: from.line },
      saves: savesUnknown('image.size'),
      remedy:
        patch === null
          ? { kind: 'steps', steps: [`Write \`FROM ${better}\`, and install what the build then lacks.`] }
          : { kind: 'patch', patch },
    },
  ];
}

function unpinned({ dockerfile }: Built, from: DockerfileInstruction): Finding[] {
  const image = baseName(from);
  if (image.includes('$') || image.includes('@')) return [];
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  if (tag !== undefined && tag !== 'latest') return [];
  return [
    {
      kind: 'opportunity',
      message: `Pin the base image ${image} to a version: each new release of it rebuilds every step, and changes what the tests run on.`,
      evidence: [`${dockerfile.file}:${from.line} names ${tag === undefined ? 'no tag' : 'the tag latest'}`],
      where: { file: dockerfile.file, line: from.line },
      saves: null,
      remedy: { kind: 'steps', steps: ['Name a version in FROM, such as `python:3.11-slim`.'] },
    },
  ];
}
