import type { DockerfileInstruction } from '../../../model/project-files.ts';
import type { RunFacts } from '../../../model/run.ts';
import { figure } from '../../../format/figure.ts';
import { listOf } from '../../../format/list-of.ts';
import { type Audit, type Finding, savesBetween, savesUnknown } from '../audit.ts';
import { type Built, dockerfilesOf, imagesOf, installIn, layerBytes } from '../support/dockerfile.ts';

/** A smaller layer is not worth a second stage. */
export const WORTH_BYTES = 50_000_000;

const TOOLS = [
  'build-essential',
  'gcc',
  'g++',
  'clang',
  'make',
  'cmake',
  'cargo',
  'rustc',
  'golang',
  'build-base',
  'python3-dev',
  'gfortran',
];

/** A compiler is needed to build wheels and never again: in the final image it is stored, exported and loaded each time. */
export const buildTools: Audit = {
  id: 'build-tools',
  title: 'The image of the tests holds compilers that only the build needs',
  ok: 'The final stage installs no compilers together with other packages.',
  requires: ['projectFiles', 'builds'],
  audit: ({ facts }) => {
    const built = dockerfilesOf(facts);
    if (built.length === 0) return [{ kind: 'notApplicable', reason: 'No Dockerfile was read.' }];
    return built.flatMap((each) => finding(facts, each));
  },
};

function finding(facts: RunFacts, built: Built): Finding[] {
  const { dockerfile } = built;
  const instructions = finalInstructions(built);
  const install = instructions.find((each) => toolsIn(each).length > 0);
  // Without an install of packages after it, the tools themselves may be what the tests need.
  const wheels = instructions.find(
    (each) => install !== undefined && each.line > install.line && installIn(each) !== null,
  );
  if (install === undefined || wheels === undefined) return [];
  const bytes = layerBytes(facts, dockerfile, install);
  if (bytes !== null && bytes < WORTH_BYTES) return [];
  if (removesThem(install)) return [];
  const image = imagesOf(facts, 'cold', dockerfile)[0]?.imageBytes ?? null;
  return [
    {
      kind: 'opportunity',
      message: `Build the wheels in a stage of their own and copy only the installed packages: now the image of the tests keeps ${listOf(toolsIn(install))}.`,
      evidence: [
        ...(bytes === null ? [] : [`the layer of ${dockerfile.file}:${install.line} holds ${figure(bytes, 'byte')}`]),
        ...(image === null ? [] : [`the image holds ${figure(image, 'byte')}`]),
      ],
      where: { file: dockerfile.file, line: install.line },
      saves:
        bytes === null
          ? savesUnknown('image.size')
          : savesBetween('image.size', { value: bytes * 0.8, low: bytes * 0.3, high: bytes }),
      remedy: {
        kind: 'steps',
        steps: [
          `Start a stage \`build\` from the same base image, with ${dockerfile.file}:${install.line} and the install of line ${wheels.line} into a virtual environment (\`python -m venv /venv\`).`,
          'In the final stage, write `COPY --from=build /venv /venv` and put /venv/bin at the start of PATH.',
        ],
      },
    },
  ];
}

/** The final stage with the stages that it is built FROM. */
function finalInstructions({ dockerfile }: Built): readonly DockerfileInstruction[] {
  const { stages, target, instructions } = dockerfile;
  const chain = new Set<number>();
  let at =
    target === null ? stages.length - 1 : stages.findIndex(({ name }) => name?.toLowerCase() === target.toLowerCase());
  while (at >= 0 && !chain.has(at)) {
    chain.add(at);
    const from = instructions
      .find(({ keyword, stage }) => keyword === 'FROM' && stage === at)
      ?.arguments.split(/\s+/)[0];
    at = stages.findIndex(({ name }) => name !== null && name.toLowerCase() === from?.toLowerCase());
  }
  return instructions.filter(({ stage }) => stage !== null && chain.has(stage));
}

function toolsIn({ keyword, arguments: command }: DockerfileInstruction): readonly string[] {
  if (keyword !== 'RUN' || !/\b(?:install|add)\b/.test(command)) return [];
  const words = command.split(/[\s\\;&|]+/);
  return TOOLS.filter((tool) => words.includes(tool));
}

function removesThem({ arguments: command }: DockerfileInstruction): boolean {
  return /\b(?:purge|autoremove|apk\s+del|remove)\b/.test(command);
}
