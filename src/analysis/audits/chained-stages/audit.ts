import type { DockerfileInstruction } from '../../../model/project-files.ts';
import type { RunFacts } from '../../../model/run.ts';
import { figure } from '../../../format/figure.ts';
import { makePatch } from '../../patches/make-patch.ts';
import { stagesTakenFrom } from '../../project-files/stages.ts';
import { type Audit, type Finding, savesBetween } from '../audit.ts';
import { type Built, dockerfilesOf, linesOf, neededInstructions, secondsIn } from '../support/dockerfile.ts';

/** Less is within the noise of a build. */
export const WORTH_SECONDS = 1;

/** BuildKit runs stages at the same time until one copies from another: a copy that comes early makes its stage wait. */
export const chainedStages: Audit = {
  id: 'chained-stages',
  title: 'A stage waits for another one before it needs it',
  ok: 'No stage waits for another one while it has other work to do.',
  requires: ['projectFiles', 'builds'],
  audit: ({ facts }) => {
    const built = dockerfilesOf(facts);
    if (built.length === 0) return [{ kind: 'notApplicable', reason: 'No Dockerfile was read.' }];
    return built.flatMap((each) => findings(facts, each));
  },
};

function findings(facts: RunFacts, built: Built): Finding[] {
  const { dockerfile } = built;
  return neededInstructions(built).flatMap((copy) => {
    const [source] = copy.keyword === 'COPY' ? stagesTakenFrom(dockerfile, copy) : [];
    if (source === undefined || source === copy.stage) return [];
    const target = copy.arguments.split(/\s+/).at(-1) ?? '';
    const after = independentAfter(built, copy, target);
    const last = after.at(-1);
    if (last === undefined) return [];
    const waited = stageSeconds(facts, built, source);
    const own = sum(after.map((each) => secondsIn(facts, 'cold', dockerfile, each)));
    if (waited === null || own === null) return [];
    // What its stage does before the copy runs next to the other stage already.
    const before = sum(ownBefore(built, copy).map((each) => secondsIn(facts, 'cold', dockerfile, each))) ?? 0;
    const value = Math.min(Math.max(0, waited - before), own);
    if (value < WORTH_SECONDS) return [];
    const name = dockerfile.stages[source]?.name ?? String(source);
    const lines = linesOf(facts.projectFiles, dockerfile, copy);
    const { file } = dockerfile;
    const patch =
      lines === null
        ? null
        : makePatch(facts.projectFiles, [
            { kind: 'replace', file, line: copy.line, endLine: copy.endLine, lines: [] },
            { kind: 'insert', file, line: last.endLine + 1, lines },
          ]);
    return [
      {
        kind: 'opportunity' as const,
        message: `Move \`COPY ${[...copy.flags, copy.arguments].join(' ')}\` below line ${last.line}: the steps between do not need it, and wait for stage ${name}.`,
        evidence: [
          `stage ${name} took ${figure(waited, 'second')}`,
          `the steps that wait for it took ${figure(own, 'second')}`,
        ],
        where: { file, line: copy.line },
        saves: savesBetween('build.cold.duration', { value, low: value * 0.6, high: value * 1.1 }),
        remedy:
          patch === null
            ? { kind: 'steps' as const, steps: [`Move line ${copy.line} below line ${last.line}.`] }
            : { kind: 'patch' as const, patch },
      },
    ];
  });
}

/** The RUNs right after it that do not name what it brings; other instructions end them, for their order may matter. */
function independentAfter(built: Built, copy: DockerfileInstruction, target: string): readonly DockerfileInstruction[] {
  const later = neededInstructions(built).filter(({ stage, line }) => stage === copy.stage && line > copy.line);
  const dependent = later.findIndex(
    ({ keyword, arguments: words }) =>
      (keyword !== 'RUN' && keyword !== 'ENV' && keyword !== 'ARG') ||
      words.includes(target.replace(/\/$/, '')) ||
      target === '.' ||
      target === './' ||
      target === '/',
  );
  const run = dependent === -1 ? later : later.slice(0, dependent);
  return run
    .slice(0, run.findLastIndex(({ keyword }) => keyword === 'RUN') + 1)
    .filter(({ keyword }) => keyword === 'RUN');
}

function ownBefore(built: Built, copy: DockerfileInstruction): readonly DockerfileInstruction[] {
  return neededInstructions(built).filter(
    ({ stage, line, keyword }) => stage === copy.stage && line < copy.line && keyword === 'RUN',
  );
}

/** A stage with those that it is made from. */
function stageSeconds(facts: RunFacts, built: Built, stage: number): number | null {
  const { dockerfile } = built;
  const own = neededInstructions(built).filter((each) => each.stage === stage);
  const from = own.find(({ keyword }) => keyword === 'FROM');
  const [base] = from === undefined ? [] : stagesTakenFrom(dockerfile, from);
  const before = base === undefined ? 0 : (stageSeconds(facts, built, base) ?? 0);
  const seconds = sum(
    own.filter(({ keyword }) => keyword === 'RUN').map((each) => secondsIn(facts, 'cold', dockerfile, each)),
  );
  return seconds === null ? null : seconds + before;
}

function sum(values: readonly (number | null)[]): number | null {
  return values.includes(null) ? null : values.reduce<number>((total, value) => total + (value ?? 0), 0);
}
