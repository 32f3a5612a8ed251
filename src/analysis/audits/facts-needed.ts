/** Whether a run has the facts that an audit needs. */
import type { RunFacts } from '../../model/run.ts';
import type { FactName } from './audit.ts';

interface Need {
  readonly isThere: (facts: RunFacts) => boolean;
  /** Why a check without it is not applicable, as a sentence. */
  readonly absent: string;
}

const NEEDS: Readonly<Record<FactName, Need>> = {
  trials: { isThere: ({ trials }) => trials.length > 0, absent: 'No trial ran.' },
  pytest: {
    isThere: ({ trials }) => trials.some(({ profile }) => Boolean(profile?.pytest)),
    absent: 'No trial has a profile of pytest.',
  },
  startup: { isThere: ({ startup }) => startup !== null, absent: 'No services were started.' },
  builds: { isThere: ({ builds }) => builds.length > 0, absent: 'No image was built.' },
  projectFiles: {
    isThere: ({ projectFiles }) => projectFiles != null,
    absent: "The project's files were not read.",
  },
  resources: {
    isThere: ({ trials }) => trials.some(({ profile }) => Boolean(profile?.resources)),
    absent: 'The resources of no trial were measured.',
  },
};

/** @returns why the check is not applicable; null where all its facts are there */
export function missingFact(facts: RunFacts, requires: readonly FactName[]): string | null {
  const missing = requires.find((name) => !NEEDS[name].isThere(facts));
  return missing === undefined ? null : NEEDS[missing].absent;
}
