import type { DockerfileFacts, DockerfileInstruction } from '../../../model/project-files.ts';
import type { RunFacts } from '../../../model/run.ts';
import { figure } from '../../../format/figure.ts';
import { type Edit, makePatch } from '../../patches/make-patch.ts';
import { type Audit, type Finding, savesBetween } from '../audit.ts';
import {
  dockerfilesOf,
  imagesOf,
  installIn,
  layerBytes,
  linesOf,
  neededInstructions,
  secondsIn,
  wholeContextTarget,
} from '../support/dockerfile.ts';

/** A shorter install is not worth another order of lines. */
export const WORTH_SECONDS = 1;

interface Late {
  readonly dockerfile: DockerfileFacts;
  readonly copy: DockerfileInstruction;
  readonly target: string;
  /** The installs after the copy that need no more than their requirement files. */
  readonly installs: readonly DockerfileInstruction[];
  readonly requirements: readonly string[];
  /** Other instructions stand between the copy and the last install. */
  readonly mixed: boolean;
}

/** A step runs again when an input of it, or of a step before it, has changed: each edit of the source installs everything again. */
export const layerOrder: Audit = {
  id: 'layer-order',
  title: 'The source is copied before dependencies are installed',
  ok: 'No dependencies are installed after the whole source was copied.',
  requires: ['projectFiles', 'builds'],
  audit: ({ facts }) => {
    const built = dockerfilesOf(facts);
    if (built.length === 0) return [{ kind: 'notApplicable', reason: 'No Dockerfile was read.' }];
    return built.flatMap((each) =>
      lateInstalls(each.dockerfile, neededInstructions(each)).flatMap((late) => finding(facts, late)),
    );
  },
};

function lateInstalls(dockerfile: DockerfileFacts, instructions: readonly DockerfileInstruction[]): Late[] {
  return [...new Set(instructions.map(({ stage }) => stage))].flatMap((stage) => {
    const own = instructions.filter((instruction) => instruction.stage === stage);
    const at = own.findIndex((instruction) => wholeContextTarget(instruction) !== null);
    const copy = own[at];
    const target = copy === undefined ? null : wholeContextTarget(copy);
    if (copy === undefined || target === null) return [];
    const after = own.slice(at + 1);
    const installs = after.filter((instruction) => {
      const install = installIn(instruction);
      return install !== null && !install.needsSource && install.requirements.length > 0;
    });
    const last = installs.at(-1);
    if (last === undefined) return [];
    const between = after.slice(0, after.indexOf(last));
    const mixed = between.some((each) => !installs.includes(each) && each.keyword !== 'ENV' && each.keyword !== 'ARG');
    const requirements = installs.flatMap((each) => installIn(each)?.requirements ?? []);
    return [{ dockerfile, copy, target, installs, requirements: [...new Set(requirements)], mixed }];
  });
}

function finding(facts: RunFacts, late: Late): Finding[] {
  const { dockerfile, copy, installs } = late;
  const seconds = installSeconds(facts, late);
  if (seconds === null || seconds.high < WORTH_SECONDS) return [];
  const place = { file: dockerfile.file, line: copy.line };
  const patch = makePatch(facts.projectFiles, edits(facts, late) ?? []);
  const files = late.requirements.join(' and ');
  return [
    {
      kind: 'opportunity',
      message: `Copy ${files} and install from it before \`${copy.keyword} ${copy.arguments}\`: now each change of the source installs everything again.`,
      evidence: installs.map(
        (each) =>
          `${dockerfile.file}:${each.line} \`RUN ${each.arguments.slice(0, 80)}\` took ${figure(installSecondsOf(facts, late, each) ?? 0, 'second')}`,
      ),
      where: place,
      saves: savesBetween('build.sourceChange.duration', seconds),
      remedy:
        patch === null
          ? {
              kind: 'steps',
              steps: [`Copy ${files} first.`, 'Install.', `Then \`${copy.keyword} ${copy.arguments}\`.`],
            }
          : { kind: 'patch', patch },
    },
  ];
}

/** The source-change build shows what is repeated. Without one the cold build does, whose downloads may vary. */
function installSeconds(facts: RunFacts, late: Late): { value: number; low: number; high: number } | null {
  const sum = (mode: 'source-change' | 'cold') => {
    const all = late.installs.map((each) => secondsIn(facts, mode, late.dockerfile, each));
    return all.includes(null) ? null : all.reduce<number>((total, each) => total + (each ?? 0), 0);
  };
  const [repeated, cold] = [sum('source-change'), sum('cold')];
  if (repeated !== null) {
    const value = repeated + exportSeconds(facts, late);
    return { value, low: Math.min(value, cold ?? value) * 0.8, high: Math.max(value, cold ?? value) * 1.2 };
  }
  return cold === null ? null : { value: cold, low: cold * 0.5, high: cold * 1.5 };
}

function installSecondsOf(facts: RunFacts, { dockerfile }: Late, install: DockerfileInstruction): number | null {
  return secondsIn(facts, 'source-change', dockerfile, install) ?? secondsIn(facts, 'cold', dockerfile, install);
}

/** A layer that comes from the cache is not exported again: its share of the export, by bytes. */
function exportSeconds(facts: RunFacts, { dockerfile, installs, copy }: Late): number {
  const [image] = imagesOf(facts, 'source-change', dockerfile);
  const total = image?.profile?.exportSeconds ?? 0;
  const bytes = installs.map((each) => layerBytes(facts, dockerfile, each) ?? 0).reduce((a, b) => a + b, 0);
  const copied = layerBytes(facts, dockerfile, copy) ?? 0;
  return bytes === 0 ? 0 : (total * bytes) / (bytes + copied);
}

/** The requirement files are copied where the copy stands now, and the copy goes after the last install. */
function edits(facts: RunFacts, late: Late): Edit[] | null {
  const { dockerfile, copy, installs, target, mixed } = late;
  const last = installs.at(-1);
  const written = linesOf(facts.projectFiles, dockerfile, copy);
  const files = late.requirements.map((file) => sourceOf(file, target));
  if (mixed || last === undefined || written === null || files.includes(null)) return null;
  const { file } = dockerfile;
  const flags = copy.flags.map((flag) => `${flag} `).join('');
  return [
    {
      kind: 'replace',
      file,
      line: copy.line,
      endLine: copy.endLine,
      lines: copies(
        files.filter((each) => each !== null),
        target,
        flags,
      ),
    },
    { kind: 'insert', file, line: last.endLine + 1, lines: written },
  ];
}

/** The path in the context of a file that the install names in the image. null: not below the copy's target. */
function sourceOf(file: string, target: string): string | null {
  if (file.includes('$') || file.includes('*')) return null;
  if (!file.startsWith('/')) return file.replace(/^\.\//, '');
  const folder = target.endsWith('/') ? target : `${target}/`;
  return target.startsWith('/') && file.startsWith(folder) ? file.slice(folder.length) : null;
}

/** Requirement files name each other, so those of one folder are copied together. */
function copies(files: readonly string[], target: string, flags: string): string[] {
  const into = target === '.' || target === './' ? './' : target.endsWith('/') ? target : `${target}/`;
  const folders = new Map<string, Set<string>>();
  for (const file of files) {
    const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/') + 1) : '';
    const name = file.slice(folder.length);
    const pattern = /^requirements.*\.(?:txt|in)$/.test(name)
      ? `${folder}requirements*${name.slice(name.lastIndexOf('.'))}`
      : file;
    folders.set(folder, (folders.get(folder) ?? new Set()).add(pattern));
  }
  return [...folders].map(([folder, names]) => `COPY ${flags}${[...names].join(' ')} ${into}${folder}`);
}
