/** Explains a stored run against another one, or an alert. */
import { factsOf, historyOf } from '../../activities/regression/history.ts';
import { attribute, baseRunOf } from '../../analysis/attribution/attribute.ts';
import { explainRuns } from '../../analysis/attribution/explain.ts';
import { judgeRun } from '../../analysis/regression/judge-run.ts';
import { wrongUsage } from '../../model/failure.ts';
import type { Attribution, RegressionAlert } from '../../model/regression.ts';
import type { RunFacts } from '../../model/run.ts';
import { explanationJson, renderExplanation } from '../../report/explanation.ts';
import { explanation } from '../../report/history/alerts.ts';
import type { Store, StoredAlert } from '../../store/store.ts';
import type { Io } from '../io.ts';
import { inStore, type Opened, printJson, storedRun, type StoreFlags } from './open.ts';

type Flags = StoreFlags & { readonly json?: boolean };

/** @throws PacelineError WrongUsage if neither a run nor an alert begins with the id, or both do */
export function explain(id: string, base: string | undefined, flags: Flags, io: Io): Promise<void> {
  return inStore(flags, io, async (opened) => {
    const alerts = base === undefined ? await opened.store.alerts({ id, limit: 2 }) : [];
    const isRun = base !== undefined || (await opened.store.listRuns({ id, limit: 1 })).length > 0;
    if (alerts.length > 0 && isRun) {
      throw wrongUsage(`Both a run and an alert begin with \`${id}\`.`, 'Specify more characters.');
    }
    if (isRun) return explainRun(opened, { id, base }, flags, io);
    return explainAlert(opened, oneOf(alerts, id, opened.place), flags, io);
  });
}

async function explainRun(
  opened: Opened,
  { id, base: baseId }: { readonly id: string; readonly base: string | undefined },
  flags: Flags,
  io: Io,
): Promise<void> {
  const { store } = opened;
  const head = await store.loadFacts((await storedRun(opened, id)).run);
  const { base, notes } =
    baseId === undefined
      ? await baseOf(store, head)
      : { base: await store.loadFacts((await storedRun(opened, baseId)).run), notes: [] };
  const explained = { base, head, figures: explainRuns(base, head), notes };
  if (flags.json) return printJson(io, explanationJson(explained));
  io.out(renderExplanation(explained, { color: io.stdout.color, width: io.stdout.width() }));
}

interface Base {
  readonly base: RunFacts;
  readonly notes: readonly string[];
}

/** The newest run of the baseline that most series have; without a baseline the run before in any series. */
async function baseOf(store: Store, head: RunFacts): Promise<Base> {
  const history = await historyOf(store, head);
  const { series } = judgeRun(head, history);
  const ofBaselines = series.flatMap(({ baseline }) => (baseline.kind === 'baseline' ? [baseline.newestRunId] : []));
  const before = series.flatMap(({ entry }) => history.of(entry.key).points.at(-1)?.runId ?? []);
  const runId = mostCommon(ofBaselines) ?? mostCommon(before);
  const base = runId === null ? null : await factsOf(store, runId);
  if (base === null) {
    throw wrongUsage(
      `No earlier run can be compared with run ${head.run.runId}.`,
      'Name another run: paceline explain RUN BASE. `paceline history` lists the runs.',
    );
  }
  const note = 'There is no baseline yet, so the run before is the base.';
  return { base, notes: ofBaselines.length === 0 ? [note] : [] };
}

function mostCommon(values: readonly string[]): string | null {
  const counts = [...Map.groupBy(values, (value) => value)].map(([value, all]) => ({ value, count: all.length }));
  return counts.toSorted((a, b) => b.count - a.count)[0]?.value ?? null;
}

async function explainAlert({ store }: Opened, stored: StoredAlert, flags: Flags, io: Io): Promise<void> {
  const moved = stored.alert.moved ?? (await movedIn(store, stored.alert));
  if (flags.json) return printJson(io, { ...stored, moved });
  io.out(explanation(stored, moved, io.stdout.width()));
}

/** The causes of an alert that was not confirmed are not stored. They are computed from the profiles of both runs, if these still exist. */
async function movedIn(store: Store, alert: RegressionAlert): Promise<readonly Attribution[] | null> {
  const { baseline, key, runId, value } = alert;
  if (baseline === null) return null;
  const [history] = await store.seriesHistories([key]);
  const baseRun = baseRunOf(baseline, history?.points ?? []);
  const [base, head] = [await factsOf(store, baseRun), await factsOf(store, runId)];
  return base === null || head === null ? null : attribute(base, head, key, value - baseline.median);
}

function oneOf(alerts: readonly StoredAlert[], id: string, place: string): StoredAlert {
  const exact = alerts.find(({ alert }) => alert.id === id);
  const [found, second] = exact === undefined ? alerts : [exact];
  if (found === undefined) {
    throw wrongUsage(
      `No run or alert in ${place} begins with \`${id}\`.`,
      '`paceline history` lists the runs, and `paceline history regressions` the alerts.',
    );
  }
  if (second !== undefined) throw wrongUsage(`Several alerts begin with \`${id}\`.`, 'Specify more characters.');
  return found;
}
