/** Whether the first cause that `paceline explain --json` names is the injected one. */
import type { Cause } from '../../../src/model/cause.ts';
import type { CauseCase } from './cases.ts';

export interface Judged {
  readonly expected: CauseCase;
  readonly right: boolean;
  /** What was said, in one line. */
  readonly said: string;
}

interface Explained {
  readonly figures: readonly {
    readonly title: string;
    readonly moved: boolean;
    readonly causes: readonly Cause[];
    readonly sentences: readonly string[];
    readonly differenceSeconds: number;
  }[];
}

export function judge(expected: CauseCase, explained: unknown): Judged {
  const { figures } = explained as Explained;
  if (expected.figure === null) {
    const moved = figures.filter((figure) => figure.moved);
    const said = moved.map(({ title, sentences }) => `${title}: ${sentences[0] ?? 'no cause'}`).join('; ');
    return { expected, right: moved.length === 0, said: said === '' ? 'nothing moved' : said };
  }
  const figure = figures.find(({ title }) => title === expected.figure);
  const [first] = figure?.causes ?? [];
  if (figure === undefined || first === undefined) return { expected, right: false, said: 'no cause' };
  return { expected, right: isRight(expected, first), said: figure.sentences.join('; ') };
}

function isRight({ classes, name, evidence = '' }: CauseCase, cause: Cause): boolean {
  return (
    classes.includes(cause.class) && cause.name.includes(name) && JSON.stringify(cause.evidence).includes(evidence)
  );
}
