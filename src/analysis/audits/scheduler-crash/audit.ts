import { placeOfWorkers, remedyOf } from '../../xdist/finding.ts';
import { type Audit, failedWith, scenarioNames } from '../audit.ts';

/** pytest-xdist's own scheduler raised an error: not one of the tests is to blame. */
export const schedulerCrash: Audit = {
  id: 'scheduler-crash',
  title: "pytest-xdist's scheduler crashed",
  ok: "pytest-xdist's scheduler did not crash.",
  requires: ['trials'],
  audit: (context) => {
    const affected = failedWith(context, 'schedulerCrashed');
    const [first] = affected;
    if (first === undefined) return [];
    const distribution = first.hint.distribution ?? first.trial.profile?.pytest?.configuration.distribution ?? null;
    const other = distribution === 'load' ? 'loadfile' : 'load';
    const workers = first.trial.profile?.pytest?.configuration.workers ?? null;
    const isPrimary = context.plan.scenarios.some(({ id, primary }) => primary && id === first.trial.scenarioId);
    return [
      {
        kind: 'problem',
        message: `Use \`--dist ${other}\`${distribution === null ? '' : ` and not \`--dist ${distribution}\``} in ${scenarioNames(affected.map(({ trial }) => trial))}: pytest-xdist's own scheduler broke off the tests.`,
        evidence: affected.map(({ trial, hint }) => `${trial.scenarioName}, trial ${trial.trial}: ${hint.error}`),
        where: placeOfWorkers(context),
        remedy:
          isPrimary && workers !== null && workers > 0 ? remedyOf(context, { workers, distribution: other }) : null,
      },
    ];
  },
};
