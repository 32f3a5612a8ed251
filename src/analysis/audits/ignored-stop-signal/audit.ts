import type { RunFacts } from '../../../model/run.ts';
import type { ServiceTearDown } from '../../../model/stage-times.ts';
import { figure } from '../../../format/figure.ts';
import { setComposeKey } from '../../patches/compose-edit.ts';
import { makePatch } from '../../patches/make-patch.ts';
import { placeOf } from '../../place-of.ts';
import { type Audit, type Finding, savesBetween } from '../audit.ts';
import { hasComposeKey } from '../../project-files/compose.ts';

/** A process that heeds the signal ends in less. */
export const ENDS_SECONDS = 0.5;
/** Less is not worth a change. */
export const WORTH_SECONDS = 1;

/** The first process of a container has no default action for SIGTERM: one that does not handle it is killed after ten seconds. */
export const ignoredStopSignal: Audit = {
  id: 'ignored-stop-signal',
  title: 'A container ignores the stop signal and is killed after its grace period',
  ok: 'Each service ends when it is asked to.',
  requires: ['startup'],
  audit: ({ facts }) => {
    const tearDown = facts.startup?.tearDown;
    if (tearDown == null) return [{ kind: 'notApplicable', reason: 'The tear-down was not measured.' }];
    const killed = tearDown.services.filter((each) => each.killed && each.seconds > WORTH_SECONDS);
    const saved = savedSeconds(tearDown.services, killed);
    return saved < WORTH_SECONDS ? [] : killed.map((each) => finding(facts, each, saved, killed.length));
  },
};

/** Services stop at the same time, so only all of those that are killed together decide when the last has stopped. */
function savedSeconds(services: readonly ServiceTearDown[], killed: readonly ServiceTearDown[]): number {
  const before = Math.max(0, ...services.map(({ seconds }) => seconds));
  const after = Math.max(0, ...services.map((each) => (killed.includes(each) ? ENDS_SECONDS : each.seconds)));
  return before - after;
}

function finding(
  facts: RunFacts,
  { service, seconds, signal, graceSeconds }: ServiceTearDown,
  saved: number,
  count: number,
): Finding {
  const files = facts.projectFiles;
  const edit = hasComposeKey(files, service, ['init']) ? null : setComposeKey(files, service, ['init'], 'true');
  const patch = edit === null ? null : makePatch(files, [edit]);
  const together = count === 1 ? '' : ` The tear-down ends earlier only if all ${count} such services are changed.`;
  return {
    kind: 'opportunity',
    message: `Let ${service} end on ${signal}: add \`init: true\`, start it in exec form (\`["program", "argument"]\`), or name the signal that it knows in stop_signal.${together}`,
    evidence: [
      `${service} was killed after ${figure(seconds, 'second')}; its grace period is ${figure(graceSeconds, 'second')}`,
    ],
    where: placeOf(files, { kind: 'composeKey', service, key: [] }),
    saves: savesBetween('teardown.duration', { value: saved, low: Math.max(0, saved - 0.5), high: saved + 0.3 }),
    remedy: patch === null ? { kind: 'steps', steps: [`Add \`init: true\` to ${service}.`] } : { kind: 'patch', patch },
  };
}
