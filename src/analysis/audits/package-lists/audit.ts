import type { DockerfileInstruction } from '../../../model/project-files.ts';
import type { RunFacts } from '../../../model/run.ts';
import { figure } from '../../../format/figure.ts';
import { listOf } from '../../../format/list-of.ts';
import { type Audit, type Finding, savesBetween, savesUnknown } from '../audit.ts';
import { type Built, dockerfilesOf, neededInstructions, secondsIn } from '../support/dockerfile.ts';

/** Seconds of all updates together, without the slowest one. */
export const WORTH_SECONDS = 1;

const UPDATE = /\b(?:apt-get|apt|apk)\s+(?:-\S+\s+)*update\b/;
const INSTALL = /\b(?:apt-get|apt)\s+(?:-\S+\s+)*install\b|\bapk\s+(?:-\S+\s+)*add\b/;
const ONLY_UPDATE = /^\s*(?:apt-get|apt|apk)\s+(?:-\S+\s+)*update\s*$/;

/** Each update downloads the lists of all packages, which costs the same whether one package is installed or twenty. */
export const packageLists: Audit = {
  id: 'package-lists',
  title: 'Package lists are downloaded several times in one build',
  ok: 'The package lists are downloaded at most once in each stage.',
  requires: ['projectFiles', 'builds'],
  audit: ({ facts }) => {
    const built = dockerfilesOf(facts);
    if (built.length === 0) return [{ kind: 'notApplicable', reason: 'No Dockerfile was read.' }];
    return built.flatMap((each) => finding(facts, each));
  },
};

function finding(facts: RunFacts, built: Built): Finding[] {
  const { dockerfile } = built;
  const updates = neededInstructions(built).filter(
    ({ keyword, flags, arguments: command }) =>
      keyword === 'RUN' && UPDATE.test(command) && !flags.some((flag) => flag.includes('type=cache')),
  );
  if (updates.length < 2) return [];
  const timed = updates.map((each) => ({ each, seconds: secondsIn(facts, 'cold', dockerfile, each) }));
  const rest = timed
    .flatMap(({ seconds }) => seconds ?? [])
    .toSorted((a, b) => b - a)
    .slice(1);
  const most = rest.reduce((a, b) => a + b, 0);
  if (timed.some(({ seconds }) => seconds !== null) && most < WORTH_SECONDS) return [];
  const [first, second] = updates;
  if (first === undefined || second === undefined) return [];
  return [
    {
      kind: 'opportunity',
      message: `Install the packages of ${dockerfile.file}, ${lines(updates)}, in one RUN, or give each a cache mount for the package lists: now each downloads all lists again.`,
      evidence: timed.map(
        ({ each, seconds }) =>
          `${dockerfile.file}:${each.line} \`RUN ${each.arguments.slice(0, 60)}\`${seconds === null ? '' : ` took ${figure(seconds, 'second')}`}`,
      ),
      where: { file: dockerfile.file, line: second.line },
      saves: savingOf(timed, most),
      remedy: {
        kind: 'steps',
        steps: [
          'Put all packages into one `RUN apt-get update && apt-get install -y --no-install-recommends …`.',
          'If stages need their own, write `RUN --mount=type=cache,target=/var/lib/apt/lists,sharing=locked --mount=type=cache,target=/var/cache/apt,sharing=locked …` in each.',
        ],
      },
    },
  ];
}

/** Only a RUN that does nothing but update tells what an update takes. */
function savingOf(
  timed: readonly { readonly each: DockerfileInstruction; readonly seconds: number | null }[],
  most: number,
) {
  const alone = timed.filter(({ each }) => ONLY_UPDATE.test(each.arguments) && !INSTALL.test(each.arguments));
  const [one] = alone.flatMap(({ seconds }) => seconds ?? []);
  if (one === undefined) return savesUnknown('build.cold.duration');
  const value = Math.min(one * (timed.length - 1), most);
  return savesBetween('build.cold.duration', { value, low: value * 0.5, high: most });
}

function lines(updates: readonly DockerfileInstruction[]): string {
  return `lines ${listOf(updates.map(({ line }) => String(line)))}`;
}
