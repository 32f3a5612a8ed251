/** What audits of the build ask of a Dockerfile, and which seconds its lines took. */
import { wordsOf } from '../../../model/copy-sources.ts';
import type { BuildMode } from '../../../model/plan.ts';
import type { ImageBuild, RunFacts } from '../../../model/run.ts';
import type { DockerfileFacts, DockerfileInstruction, ProjectFiles } from '../../../model/project-files.ts';
import { instructionOfStep } from '../../project-files/steps.ts';
import { neededStages } from '../../project-files/stages.ts';

/** A Dockerfile with the image that was built from it. */
export interface Built {
  readonly dockerfile: DockerfileFacts;
  /** The stages that its target needs, as indexes. */
  readonly stages: ReadonlySet<number>;
}

/** Each Dockerfile once, however many images are built from it. */
export function dockerfilesOf({ projectFiles }: Pick<RunFacts, 'projectFiles'>): readonly Built[] {
  const seen = new Set<string>();
  return (projectFiles?.dockerfiles ?? []).flatMap((dockerfile) => {
    const key = JSON.stringify([dockerfile.file, dockerfile.target]);
    if (seen.has(key) || dockerfile.leftOut > 0) return [];
    seen.add(key);
    return [{ dockerfile, stages: neededStages(dockerfile) }];
  });
}

/** The instructions of the stages that the build needs, in their order. */
export function neededInstructions({ dockerfile, stages }: Built): readonly DockerfileInstruction[] {
  return dockerfile.instructions.filter(({ stage }) => stage !== null && stages.has(stage));
}

/** The images of a build that come from this Dockerfile. */
export function imagesOf({ builds }: RunFacts, mode: BuildMode, { services }: DockerfileFacts): readonly ImageBuild[] {
  const images = builds.find((build) => build.mode === mode)?.images ?? [];
  return images.filter((image) => image.services.some((service) => services.includes(service)));
}

/**
 * What an instruction took in a build, in seconds; null if the build was not made or did not show it. 0: it came from the cache.
 */
export function secondsIn(
  facts: RunFacts,
  mode: BuildMode,
  dockerfile: DockerfileFacts,
  { line }: Pick<DockerfileInstruction, 'line'>,
): number | null {
  const [image] = imagesOf(facts, mode, dockerfile);
  if (image?.profile == null) return null;
  const { steps, allSteps } = image.profile;
  const isAt = ({ name }: { readonly name: string }) =>
    instructionOfStep(name, dockerfile, dockerfile.instructions)?.line === line;
  const known = allSteps?.find(isAt);
  if (known !== undefined) return known.cached ? 0 : known.seconds;
  const worked = steps.filter(isAt);
  return worked.length === 0 ? null : worked.reduce((sum, { seconds }) => sum + seconds, 0);
}

/** Bytes of the layer that an instruction made; null if the image does not tell. */
export function layerBytes(
  facts: RunFacts,
  dockerfile: DockerfileFacts,
  instruction: DockerfileInstruction,
): number | null {
  const images = (['cold', 'warm', 'source-change'] as const).flatMap((mode) => imagesOf(facts, mode, dockerfile));
  const layers = images.find(({ profile }) => profile !== null)?.profile?.layers ?? [];
  const wanted = plain(instruction.arguments).slice(0, 40);
  if (wanted === '') return null;
  const found = layers.filter(
    ({ createdBy }) => createdBy.includes(instruction.keyword) && plain(createdBy).includes(wanted),
  );
  return found.length === 0 ? null : found.reduce((sum, { bytes }) => sum + bytes, 0);
}

function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** The lines of an instruction as they are written; null where they were not read or may hold a secret. */
export function linesOf(
  files: ProjectFiles | null | undefined,
  { file }: DockerfileFacts,
  { line, endLine }: DockerfileInstruction,
): readonly string[] | null {
  const lines = files?.texts?.find((text) => text.file === file)?.lines.slice(line - 1, endLine);
  if (lines === undefined || lines.length < endLine - line + 1) return null;
  const known = lines.filter((each) => each !== null);
  return known.length === lines.length ? known : null;
}

/** A RUN that installs Python packages: pip, uv, poetry or pipenv. */
export interface Install {
  /** The files that it reads, as written: `requirements.txt`. */
  readonly requirements: readonly string[];
  /** It installs the project itself, so it needs the source. */
  readonly needsSource: boolean;
  readonly tool: 'pip' | 'uv' | 'poetry' | 'pipenv';
}

const TOOLS: readonly (readonly [Install['tool'], RegExp])[] = [
  ['uv', /\buv\s+(?:pip\s+(?:install|sync)|sync)\b/],
  ['pip', /\bpip3?\s+(?:install|wheel)\b/],
  ['poetry', /\bpoetry\s+install\b/],
  ['pipenv', /\bpipenv\s+(?:install|sync)\b/],
];

/** @returns null for any other instruction, and for a RUN that only updates pip itself */
export function installIn({ keyword, arguments: command }: DockerfileInstruction): Install | null {
  if (keyword !== 'RUN') return null;
  const tool = TOOLS.find(([, pattern]) => pattern.test(command))?.[0];
  if (tool === undefined) return null;
  const requirements = [
    ...command.matchAll(/(?:^|\s)(?:-r|--requirements?|-c|--constraint)(?:\s+|=)?([^\s;&|]+)/g),
  ].map(([, file]) => file ?? '');
  if (tool === 'poetry') {
    return { tool, requirements: ['pyproject.toml', 'poetry.lock'], needsSource: !/--no-root\b/.test(command) };
  }
  if (tool === 'pipenv') return { tool, requirements: ['Pipfile', 'Pipfile.lock'], needsSource: false };
  const needsSource =
    /(?:\s-e|\s--editable)\b|\s\.{1,2}(?:\/\S*|\[\S+)?(?=\s|$|;|&)|\suv sync\b(?!.*--no-install-project)/.test(
      ` ${command}`,
    );
  return { tool, requirements, needsSource };
}

/** A COPY or ADD of the whole context, with its target as written; null for any other. */
export function wholeContextTarget({ keyword, flags, arguments: words }: DockerfileInstruction): string | null {
  if ((keyword !== 'COPY' && keyword !== 'ADD') || flags.some((flag) => flag.startsWith('--from'))) return null;
  const [source, target, ...more] = wordsOf(words);
  return (source === '.' || source === './') && target !== undefined && more.length === 0 ? target : null;
}
