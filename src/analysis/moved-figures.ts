/** What moved in a run or a comparison, as a CI job reports it. */
import type { CiOutcome, MovedFigure, RepositoryPlace } from '../model/ci-outcome.ts';
import type { CauseEvidence } from '../model/cause.ts';
import type { CompareResult, ComparedPart } from '../model/comparison.ts';
import { METRICS, type MetricName } from '../model/measurement.ts';
import type { Attribution, RegressionAlert, Suspect } from '../model/regression.ts';
import type { RunResult } from '../model/result.ts';
import { amount, bestRemedy } from './advice/listing.ts';
import { subjectWords } from './attribution/sentence.ts';
import { percent } from './regression/words.ts';
import { BUILD_METRICS } from './regression/series.ts';

const MOST_CAUSES = 3;

/** @param folder of the project in its repository; '' is the top */
export function movedInRun(
  alerts: readonly RegressionAlert[],
  result: Pick<RunResult, 'alerts'>,
  folder: string,
): MovedFigure[] {
  return alerts
    .filter(({ kind, state }) => kind === 'regression' && (state === 'confirmed' || state === 'inconclusive'))
    .map((alert) => {
      const { key, state, direction, ratio, interval, n, value, baseline, message, moved = [], decidedBy } = alert;
      const named = result.alerts.find((each) => each.message === message);
      const scenario = named?.scenario ?? key.scenario;
      return {
        title: titleOf(key.metric, scenario),
        metric: key.metric,
        scenario,
        state: state === 'confirmed' ? 'confirmed' : 'inconclusive',
        direction,
        baseSeconds: baseline?.median ?? null,
        headSeconds: value,
        ratio,
        interval,
        pairs: decidedBy === 'pairs' ? n : 0,
        message,
        causes: causesOf(moved, folder),
      };
    });
}

/** Parts that are slower or faster. */
export function movedInComparison({ parts }: Pick<CompareResult, 'parts'>, folder: string): MovedFigure[] {
  return parts.flatMap((part) => {
    const { comparison, suspect, title, baseSeconds, headSeconds, moved = [] } = part;
    if (comparison.kind !== 'judged') return [];
    if (comparison.verdict !== 'regressed' && comparison.verdict !== 'improved') return [];
    const { verdict, ratio, interval, n, message } = comparison;
    return {
      title,
      metric: metricOf(suspect),
      scenario: suspect.phase === 'test' ? title : null,
      state: 'confirmed' as const,
      direction: verdict === 'regressed' ? ('slower' as const) : ('faster' as const),
      baseSeconds,
      headSeconds,
      ratio,
      interval,
      pairs: n,
      message: `${title}: ${percent(ratio)} against the base. ${message}`,
      causes: causesOf(moved, folder),
    };
  });
}

/** Titles of the parts that did not change, and of those that the pairs could not decide. */
export function otherParts({ parts }: Pick<CompareResult, 'parts'>): Pick<CiOutcome, 'unchanged' | 'undecided'> {
  const titles = (isOne: (comparison: ComparedPart['comparison']) => boolean) =>
    parts.filter(({ comparison }) => isOne(comparison)).map(({ title }) => title);
  return {
    unchanged: titles((each) => each.kind === 'judged' && each.verdict === 'noChange'),
    undecided: titles((each) => each.kind === 'refused' || each.verdict === 'inconclusive'),
  };
}

/** In the outcome's form; null if no number is known of any remedy. */
export function bestRemedyOf({ advice }: Pick<RunResult, 'advice'>, folder: string): CiOutcome['bestRemedy'] {
  const best = bestRemedy(advice);
  return best === null
    ? null
    : {
        message: best.message,
        savesSeconds: amount(best),
        state: best.state === 'verified' ? 'verified' : 'predicted',
        place: best.where === null ? null : inRepository(best.where, folder),
      };
}

function titleOf(metric: MetricName, scenario: string | null): string {
  return metric === 'trial.duration' && scenario !== null ? scenario : METRICS[metric].title;
}

function metricOf(suspect: Suspect): MetricName {
  if (suspect.phase === 'build') return BUILD_METRICS[suspect.mode];
  if (suspect.phase === 'startup') return 'startup.duration';
  return suspect.phase === 'teardown' ? 'teardown.duration' : 'trial.duration';
}

function causesOf(moved: readonly Attribution[], folder: string): MovedFigure['causes'] {
  return moved.slice(0, MOST_CAUSES).map(({ kind, name, share, cause }) => ({
    text: cause === undefined ? `${kind} ${name}` : subjectWords(cause),
    kind: cause?.class ?? kind,
    name,
    share,
    place: placeOf({ kind, name }, cause?.evidence ?? [], folder),
  }));
}

/** What the evidence names; else the file of the test. */
function placeOf(
  { kind, name }: Pick<Attribution, 'kind' | 'name'>,
  evidence: readonly CauseEvidence[],
  folder: string,
): RepositoryPlace | null {
  for (const each of evidence) {
    if ('place' in each && each.place !== null) return inRepository(each.place, folder);
  }
  const ids = [
    ...(kind === 'test' ? [name] : []),
    ...evidence.flatMap((each) => (each.kind === 'tests' ? each.ids : [])),
  ];
  const file = ids.map((id) => /^([^:]+\.py)::/.exec(id)?.[1]).find((each) => each !== undefined);
  return file === undefined ? null : inRepository({ file, line: null }, folder);
}

function inRepository({ file, line }: RepositoryPlace, folder: string): RepositoryPlace {
  return { file: folder === '' ? file : `${folder}/${file}`, line };
}
