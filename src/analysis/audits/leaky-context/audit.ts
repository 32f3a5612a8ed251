import type { BuildProfile, SizedPath } from '../../../model/profile/build-profile.ts';
import type { DockerfileFacts, ProjectFiles } from '../../../model/project-files.ts';
import type { RunFacts } from '../../../model/run.ts';
import { figure } from '../../../format/figure.ts';
import { listOf } from '../../../format/list-of.ts';
import { type Edit, makePatch } from '../../patches/make-patch.ts';
import { type Audit, type Finding, savesBetween, savesUnknown } from '../audit.ts';
import { dockerfilesOf, imagesOf, neededInstructions, secondsIn, wholeContextTarget } from '../support/dockerfile.ts';

/** Less is sent and copied in the time of a blink. */
export const WORTH_BYTES = 5_000_000;

/** Tools write into the tree, and what they write is sent, copied, and changes the image with each commit or test run. */
export const leakyContext: Audit = {
  id: 'leaky-context',
  title: 'The build context holds files that no build needs',
  ok: 'The build context holds nothing large that only tools need.',
  requires: ['projectFiles', 'builds'],
  audit: ({ facts }) => {
    const built = dockerfilesOf(facts);
    if (built.length === 0) return [{ kind: 'notApplicable', reason: 'No Dockerfile was read.' }];
    const found = built.flatMap(({ dockerfile, stages }) =>
      finding(facts, dockerfile, neededInstructions({ dockerfile, stages })),
    );
    // Two Dockerfiles of one context share its .dockerignore.
    return found.slice(0, 1);
  },
};

function finding(
  facts: RunFacts,
  dockerfile: DockerfileFacts,
  instructions: ReturnType<typeof neededInstructions>,
): Finding[] {
  const [image] = imagesOf(facts, 'cold', dockerfile);
  const profile = image?.profile ?? imagesOf(facts, 'warm', dockerfile)[0]?.profile ?? null;
  const written = profile?.context?.writtenByTools ?? [];
  const bytes = written.reduce((sum, each) => sum + each.bytes, 0);
  if (profile === null || bytes < WORTH_BYTES) return [];
  const copy = instructions.find((each) => wholeContextTarget(each) !== null);
  const copySeconds = copy === undefined ? 0 : (secondsIn(facts, 'cold', dockerfile, copy) ?? 0);
  const names = written.map(({ path }) => path);
  const [ignore] = facts.projectFiles?.dockerignores ?? [];
  const patch = makePatch(facts.projectFiles, edit(facts.projectFiles, names));
  return [
    {
      kind: 'opportunity',
      message: `Add ${listOf(names.slice(0, 5))} to .dockerignore: ${figure(bytes, 'byte')} of the build context are files that no build needs.`,
      evidence: written.slice(0, 5).map(({ path, bytes: size }) => `${path}: ${figure(size, 'byte')}`),
      where:
        ignore === undefined
          ? copy === undefined
            ? null
            : { file: dockerfile.file, line: copy.line }
          : { file: ignore.file, line: Math.max(1, ...ignore.patterns.map(({ line }) => line)) },
      saves: saving(profile, written, copySeconds),
      remedy:
        patch === null
          ? { kind: 'steps', steps: [`Add to .dockerignore: ${names.join(', ')}.`] }
          : { kind: 'patch', patch },
    },
  ];
}

/** Their share, by bytes, of sending the context and of copying it into the image. */
function saving(
  { contextSeconds, contextBytes, context }: BuildProfile,
  written: readonly SizedPath[],
  copySeconds: number,
) {
  const bytes = written.reduce((sum, each) => sum + each.bytes, 0);
  const total = context?.bytes ?? 0;
  if (total === 0 || contextSeconds === null) return savesUnknown('build.cold.duration');
  const share = Math.min(1, bytes / total);
  // A builder that has the files already was sent few bytes: then only the copy shows what they cost.
  const sent = contextBytes !== null && contextBytes > total / 2 ? contextSeconds : 0;
  const value = share * (sent + copySeconds);
  return savesBetween('build.cold.duration', {
    value,
    low: value * 0.5,
    high: share * (contextSeconds + copySeconds) * 1.3,
  });
}

function edit(files: ProjectFiles | null | undefined, names: readonly string[]): Edit[] {
  const lines = names.map((name) => (name.includes('/') ? name : `**/${name}`));
  const [ignore] = files?.dockerignores ?? [];
  const text = files?.texts?.find(({ file }) => file === ignore?.file);
  if (ignore === undefined) return [{ kind: 'create', file: '.dockerignore', lines }];
  return text === undefined ? [] : [{ kind: 'insert', file: ignore.file, line: text.lines.length + 1, lines }];
}
