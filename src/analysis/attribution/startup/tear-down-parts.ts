/** What made the tear-down longer: the services that took longer to stop. */
import type { RunFacts } from '../../../model/run.ts';
import type { ServiceTearDown } from '../../../model/stage-times.ts';
import { changedKeys } from '../changed-files.ts';
import type { Part, Sides } from '../part.ts';

/** Services stop one after the other where they depend on each other, else at the same time: the longest growth counts first. */
export function tearDownParts(runs: Sides<RunFacts>): Part[] | null {
  const [base, head] = [runs.base.startup?.tearDown ?? null, runs.head.startup?.tearDown ?? null];
  if (base === null || head === null) return null;
  let left = head.seconds - base.seconds;
  const parts: Part[] = [];
  const grown = head.services
    .map((service) => ({ service, before: base.services.find((each) => each.service === service.service) ?? null }))
    .map((pair) => ({ ...pair, growth: pair.service.seconds - (pair.before?.seconds ?? 0) }))
    .filter(({ growth }) => growth > 0)
    .sort((a, b) => b.growth - a.growth);
  for (const { service, before, growth } of grown) {
    const seconds = Math.min(growth, left);
    if (seconds <= 0) break;
    left -= seconds;
    parts.push(partOf(runs, service, before, seconds));
  }
  return parts;
}

function partOf(runs: Sides<RunFacts>, head: ServiceTearDown, base: ServiceTearDown | null, seconds: number): Part {
  return {
    class: base === null ? 'newService' : 'stopSignal',
    name: head.service,
    baseSeconds: base?.seconds ?? null,
    headSeconds: head.seconds,
    seconds,
    evidence: [
      ...changedKeys(runs, ['services', head.service]).slice(0, 3),
      { kind: 'option', name: 'end', base: base === null ? null : endOf(base), head: endOf(head) },
    ],
  };
}

function endOf({ killed, signal, graceSeconds }: ServiceTearDown): string {
  return killed ? `killed ${graceSeconds} s after ${signal}` : `stopped on ${signal}`;
}
