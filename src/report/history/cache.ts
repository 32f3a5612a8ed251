/** The ledger of the build cache in words and tables. */
import type { LedgerEntry } from '../../analysis/ledger/ledger.ts';
import { figure } from '../../format/figure.ts';
import type { Place } from '../../model/project-files.ts';
import { oneLine } from '../text/foreign.ts';
import { inputWords, STEP_STATES } from '../cache-words.ts';
import { minute } from '../text/minute.ts';
import { shortOf, table } from './table.ts';

/** One line a build, then for the builds of the newest run their steps. @param entries oldest first */
export function cacheReport(entries: readonly LedgerEntry[], width: number): string {
  const newest = entries.filter(({ runId }) => runId === entries.at(-1)?.runId);
  return [ledgerTable(entries, width), ...newest.map((entry) => stepTable(entry, width))].join('\n');
}

function ledgerTable(entries: readonly LedgerEntry[], width: number): string {
  const short = shortOf(entries.map(({ runId }) => runId));
  return table(
    ['RUN', 'BEGAN (UTC)', 'BUILD', 'TIME', 'HITS', 'SAVED', 'SPENT', 'CACHE', 'IMAGE AND FIRST MISS'],
    entries.map((entry) => [
      short(entry.runId),
      minute(entry.startedAt),
      entry.mode,
      figure(entry.seconds, 'second'),
      `${entry.hits}/${entry.hits + entry.misses}`,
      figure(entry.savedSeconds, 'second'),
      figure(entry.spentSeconds, 'second'),
      entry.verdict,
      `${entry.image}: ${missWords(entry.firstMiss)}`,
    ]),
    width,
  );
}

function stepTable(entry: LedgerEntry, width: number): string {
  const { importSeconds, exportSeconds, firstMiss } = entry;
  const cost = [
    ...(importSeconds === null ? [] : [`Reading the imported cache took ${figure(importSeconds, 'second')}.`]),
    ...(exportSeconds === null ? [] : [`Writing the exported cache took ${figure(exportSeconds, 'second')}.`]),
  ];
  const steps = table(
    ['STEP', 'TIME', 'SAVED', 'WHAT'],
    entry.steps.map((step) => [
      STEP_STATES[step.state],
      step.seconds === null ? '–' : figure(step.seconds, 'second'),
      step.savedSeconds === null ? '–' : figure(step.savedSeconds, 'second'),
      `${step.name}${step.input === null ? '' : ` (${inputWords(step.input)})`}`,
    ]),
    width,
  );
  const first = firstMiss === null ? 'Every step came from the cache.' : `First miss: ${missWords(firstMiss)}.`;
  return `${oneLine(entry.image)}, ${entry.mode}\n${[first, ...cost].join('\n')}\n${steps}`;
}

function missWords(miss: LedgerEntry['firstMiss']): string {
  if (miss === null) return 'none';
  const step = miss.step.replace(/^\[[^\]]*\]\s*/, '');
  return `${placeWords(miss.place)}${oneLine(step)}: ${inputWords(miss.input)}`;
}

function placeWords(place: Place | null): string {
  return place === null ? '' : `${place.file}:${place.line} `;
}
