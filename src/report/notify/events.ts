/** The events of a finished run: what people asked to be told. */
import type { NotifyEvent } from '../../model/notify.ts';
import type { RegressionAlert } from '../../model/regression.ts';
import type { RunResult } from '../../model/result.ts';

/** @param decided the run's stored alerts: they know their direction, and those that were cleared */
export function eventsOf(result: RunResult, decided: readonly RegressionAlert[]): NotifyEvent[] {
  const { project, runId, startedAt: at, source, verdict } = result;
  const common = { project, runId, at, commit: source.commit, branch: source.branch, verdict };
  return [
    ...decided.flatMap((alert): NotifyEvent[] => {
      const kind = kindOf(alert);
      if (kind === null) return [];
      const { id, key, message } = alert;
      return [{ ...common, id: `${runId}/${id}`, kind, metric: key.metric, scenario: key.scenario, message }];
    }),
    ...result.alerts.flatMap(({ kind, metric, scenario, message }): NotifyEvent[] => {
      if (kind !== 'target' && kind !== 'schedule') return [];
      const told = kind === 'target' ? 'missed' : 'missing-night';
      const id = [runId, told, metric, scenario].filter((part) => part !== null).join('/');
      return [{ ...common, id, kind: told, metric, scenario, message }];
    }),
  ];
}

function kindOf({ state, direction }: RegressionAlert): 'confirmed' | 'cleared' | 'improved' | null {
  if (state === 'cleared') return 'cleared';
  if (state !== 'confirmed') return null;
  return direction === 'faster' ? 'improved' : 'confirmed';
}
