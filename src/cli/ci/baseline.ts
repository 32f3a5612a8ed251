/** What earlier runs say about this hardware. */
import { historyOf } from '../../activities/regression/history.ts';
import { usablePoints } from '../../analysis/regression/baseline.ts';
import { DECISION } from '../../analysis/regression/constants.ts';
import { judgeRun } from '../../analysis/regression/judge-run.ts';
import { suspectOf } from '../../analysis/regression/series.ts';
import { fingerprint } from '../../collectors/host/fingerprint.ts';
import { resolveEndpoint } from '../../docker/command/endpoint.ts';
import { createEngine } from '../../docker/engine/dockerode-engine.ts';
import type { Suspect } from '../../model/regression.ts';
import type { Fingerprint, RunRef } from '../../model/run.ts';
import { setUpHints } from '../../set-up-hints.ts';
import type { Store } from '../../store/store.ts';

/** @throws PacelineError EngineUnavailable */
export async function hardwareOf(env: NodeJS.ProcessEnv): Promise<Fingerprint['key']> {
  const { docker } = setUpHints(env);
  const endpoint = await resolveEndpoint({ env, ...(docker === null ? {} : { dockerBinary: docker }) });
  return fingerprint(await createEngine(endpoint).info(), endpoint).key;
}

export function hardwareWords({ cpuModel, cores, memoryGib, engineMajor }: Fingerprint['key']): string {
  return `${cpuModel}, ${cores} CPUs, ${memoryGib} GiB, engine ${engineMajor}`;
}

/** Whether the tests of any scenario have enough runs on this hardware. */
export async function hasBaseline(store: Store, project: string, hardware: Fingerprint['key']): Promise<boolean> {
  const keys = (await store.listSeries({ project }))
    .map(({ key }) => key)
    .filter(
      ({ metric, fingerprint }) =>
        metric === 'trial.duration' && hardwareWords(fingerprint) === hardwareWords(hardware),
    );
  const histories = await store.seriesHistories(keys);
  return histories.some((history) => usablePoints(history).length >= DECISION.fewestRuns);
}

/** The parts of a run that no earlier run could be compared with: a new scenario, other tests. */
export async function uncompared(store: Store, run: RunRef): Promise<readonly Suspect[]> {
  const facts = await store.loadFacts(run);
  const { series } = judgeRun(facts, await historyOf(store, facts));
  return series.flatMap(({ entry, baseline }) => {
    const suspect = baseline.kind === 'baseline' ? null : suspectOf(entry.key);
    return suspect === null ? [] : [suspect];
  });
}
