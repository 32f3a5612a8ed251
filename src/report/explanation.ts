/** What moved between two runs, as blocks, rendered for the terminal. */
import type { ExplainedFigure } from '../analysis/attribution/explain.ts';
import type { Range, Undecided, Unexplained } from '../analysis/attribution/other-work.ts';
import { causeWords, evidenceWords, subjectWords } from '../analysis/attribution/sentence.ts';
import { percent } from '../analysis/regression/words.ts';
import type { Cause } from '../model/cause.ts';
import type { RunFacts } from '../model/run.ts';
import { formatSeconds } from '../format/format-quantity.ts';
import { type Block, item, list, paragraph } from './blocks.ts';
import { renderBlocks, type TerminalOptions } from './formats/terminal.ts';

export interface Explanation {
  readonly base: RunFacts;
  readonly head: RunFacts;
  readonly figures: readonly ExplainedFigure[];
  readonly notes: readonly string[];
}

/** Lines of plain text, ending in a line break. */
export function renderExplanation(explanation: Explanation, options: TerminalOptions): string {
  return renderBlocks(blocksOf(explanation), options);
}

function blocksOf({ base, head, figures, notes }: Explanation): readonly Block[] {
  const moved = figures.filter((figure) => figure.moved);
  const undecided = figures.filter((figure) => figure.undecided !== null);
  const still = figures.filter((figure) => !figure.moved && figure.undecided === null);
  return [
    paragraph(`${head.project}: run ${nameOf(head)} against run ${nameOf(base)}`),
    ...(moved.length > 0
      ? list(moved.map(figureItem))
      : [paragraph(figures.length === 0 ? 'The runs have no figure in common.' : 'Nothing moved.')]),
    ...(undecided.length === 0 ? [] : [paragraph('Disturbed, so that no cause is certain:')]),
    ...list(undecided.map(undecidedItem)),
    ...(still.length === 0
      ? []
      : [
          paragraph(
            `Did not move: ${still.map(({ title, headSeconds }) => `${title} (${formatSeconds(headSeconds)})`).join(', ')}.`,
          ),
        ]),
    ...list(notes.map((note) => item(note))),
  ];
}

function nameOf({ run, source }: RunFacts): string {
  const commit = source?.commit?.slice(0, 7);
  return `${run.runId}${commit === undefined ? '' : ` (commit ${commit}${source?.dirty === true ? ', with changes' : ''})`}`;
}

function undecidedItem({ title, baseSeconds, headSeconds, undecided, causes }: ExplainedFigure) {
  const change = `${formatSeconds(baseSeconds)} → ${formatSeconds(headSeconds)}`;
  return item(`${title}: ${change}`, {
    details: [
      ...(undecided === null ? [] : [undecidedWords(undecided)]),
      ...(causes.length === 0 ? [] : ['This changed as well. How much of the difference it is cannot be told:']),
      ...causes.flatMap((cause) => [`  ${subjectWords(cause)}`, ...moreOf(cause)]),
    ],
  });
}

function undecidedWords(undecided: Undecided): string {
  switch (undecided.kind) {
    case 'otherWork':
      return `Nothing that changed explains it all, and the slower run was disturbed: ${undecided.reason}. That may make it up to ${undecided.mostRatio.toFixed(1)} times as long.`;
    case 'cannotTell':
      return `Nothing that changed explains it all, and the slower run was disturbed: ${undecided.reason}. Whether that explains it cannot be told: how long its trials waited for a CPU is not known.`;
    case 'withinSpread':
      return `Nothing that changed explains it all, and start-ups of one run differ as much: ${rangeWords(undecided.base)} before, ${rangeWords(undecided.head)} now.`;
  }
}

function rangeWords({ leastSeconds, mostSeconds }: Range): string {
  return `${formatSeconds(leastSeconds)} to ${formatSeconds(mostSeconds)}`;
}

function unexplainedWords({ inputs, otherWork }: Unexplained, difference: number): string[] {
  return [`${difference > 0 ? 'Slower' : 'Faster'}, and ${INPUT_WORDS[inputs]}.`, ...otherWorkWords(otherWork)];
}

const INPUT_WORDS: Readonly<Record<Unexplained['inputs'], string>> = {
  none: 'no input changed',
  others: 'no input that changed explains it',
  unknown: 'whether an input changed cannot be told, since a run has not stored its inputs',
};

function otherWorkWords(otherWork: Unexplained['otherWork']): string[] {
  switch (otherWork.kind) {
    case 'none':
      return [];
    case 'unknown':
      return ['Whether other work is behind it cannot be told.'];
    case 'tooLittle':
      return [
        `The slower run was disturbed (${otherWork.reason}), which makes it up to ${otherWork.mostRatio.toFixed(1)} times as long. It differs by more.`,
      ];
  }
}

function figureItem({ title, baseSeconds, headSeconds, differenceSeconds, causes, unexplained }: ExplainedFigure) {
  const change = `${formatSeconds(baseSeconds)} → ${formatSeconds(headSeconds)}, ${percent(headSeconds / baseSeconds)}`;
  const details =
    causes.length === 0
      ? ['The profiles of the runs do not say why.']
      : causes.flatMap((cause) => [`${causeWords(cause, differenceSeconds)}.`, ...moreOf(cause)]);
  const more = unexplained === null ? [] : unexplainedWords(unexplained, differenceSeconds);
  return item(`${title}: ${change}`, {
    sign: differenceSeconds > 0 ? 'bad' : 'good',
    details: [...details, ...more],
  });
}

/** What the sentence has no room for. */
function moreOf({ class: cls, evidence }: Cause): string[] {
  return evidence
    .map((each) => evidenceWords(each, cls))
    .filter((words) => words !== null)
    .slice(2)
    .map((words) => `  ${words}`);
}

/** The same as `--json` prints it. */
export function explanationJson({ base, head, figures, notes }: Explanation) {
  const runOf = ({ run, source, startedAt }: RunFacts) => ({
    runId: run.runId,
    commit: source?.commit ?? null,
    dirty: source?.dirty ?? null,
    startedAt,
  });
  return {
    project: head.project,
    base: runOf(base),
    head: runOf(head),
    figures: figures.map((figure) => ({
      ...figure,
      sentences: figure.causes.map((cause) => causeWords(cause, figure.differenceSeconds)),
    })),
    notes,
  };
}
