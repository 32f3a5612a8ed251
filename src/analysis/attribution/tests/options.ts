/** Coverage that was turned on, or measures more: one cause, though every test and phase is slower by it. */
import type { CauseEvidence } from '../../../model/cause.ts';
import { type Part, sum } from '../part.ts';
import { optionPlaces } from './balance.ts';
import { COLLECTION, OUTSIDE, REPORT, START } from './phases.ts';
import type { Trials } from './trial.ts';

/** The parts, where those that coverage explains are one. */
export function withOptions(trials: Trials, parts: readonly Part[]): readonly Part[] {
  const option = coverageChange(trials);
  if (option === null) return parts;
  const explained = parts.filter((part) => part.seconds > 0 && isByCoverage(part));
  if (explained.length === 0) return parts;
  const coverage: Part = {
    class: 'coverage',
    name: 'coverage',
    baseSeconds: null,
    headSeconds: null,
    seconds: sum(explained.map(({ seconds }) => seconds)),
    evidence: [option, ...optionPlaces(trials)],
  };
  return [coverage, ...parts.filter((part) => !explained.includes(part))];
}

/** A fixture or new tests are a cause of their own; so is what the command does outside of pytest. */
function isByCoverage({ class: cls, name }: Part): boolean {
  if (name === OUTSIDE) return false;
  return cls === 'test' || cls === 'manyTests' || [START, REPORT].includes(name) || name.startsWith(COLLECTION);
}

function coverageChange({ base, head }: Trials): CauseEvidence | null {
  const [before, now] = [base.pytest, head.pytest];
  if (before.configuration.coverage !== now.configuration.coverage) {
    const words = (on: boolean) => (on ? 'on' : null);
    return {
      kind: 'option',
      name: '--cov',
      base: words(before.configuration.coverage),
      head: words(now.configuration.coverage),
    };
  }
  const [was, is] = [before.coverageSettings, now.coverageSettings];
  if (was == null || is == null) return null;
  const settings = [
    ['branch', String(was.branch), String(is.branch)],
    ['core', was.core, is.core],
    ['source', was.source.join(', '), is.source.join(', ')],
    ['report', was.reports.join(', '), is.reports.join(', ')],
  ] as const;
  const other = settings.find(([, a, b]) => a !== b);
  return other === undefined ? null : { kind: 'option', name: `coverage ${other[0]}`, base: other[1], head: other[2] };
}
