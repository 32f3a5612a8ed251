import type { DockerfileFacts, DockerfileInstruction } from '../../../model/project-files.ts';
import type { RunFacts } from '../../../model/run.ts';
import { figure } from '../../../format/figure.ts';
import { makePatch } from '../../patches/make-patch.ts';
import { type Audit, type Finding, savesUnknown } from '../audit.ts';
import { type Built, dockerfilesOf, installIn, linesOf, neededInstructions, secondsIn } from '../support/dockerfile.ts';

/** A shorter install has little to download. */
export const WORTH_SECONDS = 3;

/** By tool: where root's downloads and built wheels are kept. */
const FOLDERS = {
  pip: '/root/.cache/pip',
  uv: '/root/.cache/uv',
  poetry: '/root/.cache/pypoetry',
  pipenv: '/root/.cache/pip',
};

/**
 * What a mount saves is seen only in a build after a changed requirement, and not in the seconds of a download: behind some
 * proxies pip's HTTP cache stays empty, and only the wheels that it built are used again. So there is no number before it is measured.
 */
export const noCacheMount: Audit = {
  id: 'no-cache-mount',
  title: 'Packages are downloaded and built again after each changed requirement',
  ok: 'Each long install keeps its downloads in a cache mount.',
  requires: ['projectFiles', 'builds'],
  audit: ({ facts }) => {
    const built = dockerfilesOf(facts);
    if (built.length === 0) return [{ kind: 'notApplicable', reason: 'No Dockerfile was read.' }];
    return built.flatMap((each) =>
      neededInstructions(each).flatMap((instruction) => finding(facts, each, instruction)),
    );
  },
};

function finding(facts: RunFacts, built: Built, instruction: DockerfileInstruction): Finding[] {
  const { dockerfile } = built;
  const install = installIn(instruction);
  if (install === null || install.requirements.length === 0 || hasCacheMount(instruction)) return [];
  const seconds =
    secondsIn(facts, 'dependency-change', dockerfile, instruction) ?? secondsIn(facts, 'cold', dockerfile, instruction);
  if (seconds === null || seconds < WORTH_SECONDS) return [];
  const disabled = isDisabled(built, instruction);
  const target = FOLDERS[install.tool];
  const lines = isRoot(built, instruction) ? linesOf(facts.projectFiles, dockerfile, instruction) : null;
  const patch =
    lines === null
      ? null
      : makePatch(facts.projectFiles, [
          {
            kind: 'replace',
            file: dockerfile.file,
            line: instruction.line,
            endLine: instruction.endLine,
            lines: withMount(lines, target, disabled === 'variable'),
          },
        ]);
  const also = disabled === null ? '' : `, and let ${install.tool} keep a cache`;
  return [
    {
      kind: 'opportunity',
      message: `Give this install a cache mount (\`--mount=type=cache,target=${target}\`)${also}: a changed requirement then downloads and builds only what is new.`,
      evidence: [
        `the step took ${figure(seconds, 'second')}`,
        ...(disabled === 'option' ? ['`--no-cache-dir` turns its cache off'] : []),
        ...(disabled === 'variable' ? ['PIP_NO_CACHE_DIR turns its cache off'] : []),
      ],
      where: { file: dockerfile.file, line: instruction.line },
      saves: savesUnknown('build.dependencyChange.duration'),
      remedy:
        patch === null
          ? {
              kind: 'steps',
              steps: [`Write \`RUN --mount=type=cache,target=${target} …\`, without \`--no-cache-dir\`.`],
            }
          : { kind: 'patch', patch },
    },
  ];
}

function hasCacheMount({ flags }: DockerfileInstruction): boolean {
  return flags.some((flag) => flag.startsWith('--mount=') && flag.includes('type=cache'));
}

/** A USER before it in its stage has a home folder of its own. */
function isRoot({ dockerfile }: Built, { stage, line }: DockerfileInstruction): boolean {
  const user = dockerfile.instructions.findLast(
    (each) => each.keyword === 'USER' && each.stage === stage && each.line < line,
  );
  return user === undefined || /^(?:root|0)(?::|$)/.test(user.arguments);
}

function isDisabled(
  { dockerfile }: Built,
  { arguments: command, line }: DockerfileInstruction,
): 'option' | 'variable' | null {
  if (/--no-cache-dir\b/.test(command)) return 'option';
  return isSet(dockerfile, line) ? 'variable' : null;
}

function isSet({ instructions }: DockerfileFacts, line: number): boolean {
  return instructions.some(
    (each) =>
      (each.keyword === 'ENV' || each.keyword === 'ARG') &&
      each.line < line &&
      /\bPIP_NO_CACHE_DIR\b/.test(each.arguments),
  );
}

/** pip takes an empty variable as one that is not set. */
function withMount(lines: readonly string[], target: string, hasVariable: boolean): string[] {
  const [first = '', ...rest] = lines.map((line) => line.replaceAll(/\s--no-cache-dir(?=\s|$)/g, ''));
  const mounted = [first.replace(/^(\s*RUN\s+)/i, `$1--mount=type=cache,target=${target} `), ...rest];
  if (!hasVariable) return mounted;
  return mounted.map((line) => line.replaceAll(/((?:python3?\s+-m\s+)?\bpip3?\s+install\b)/g, 'PIP_NO_CACHE_DIR= $1'));
}
