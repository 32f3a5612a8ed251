/** The page of a tuning: which number of workers and distribution is fastest, and what to change. */
import type { TuneResult, TuneVerdict } from '../../model/tune.ts';
import type { Link, Mark } from '../blocks.ts';
import type { Page } from '../page.ts';
import { heading, tuningBlocks } from '../tune.ts';
import { aboutRun, present } from './parts.ts';

const MARKS: Readonly<Record<TuneVerdict, Mark>> = {
  improved: 'good',
  noChange: 'good',
  inconclusive: 'warning',
  error: 'bad',
  cancelled: 'none',
};

/** @param trail the way to this page; none for a file on its own */
export function tuningPage(result: TuneResult, trail: readonly Link[] = []): Page {
  const { verdict, summary } = result;
  const subject = heading(result);
  return {
    title: `${subject}: ${verdict}`,
    trail,
    headline: { mark: MARKS[verdict], verdict, subject, summary },
    about: aboutRun(result),
    // The headline has the first of them, which is the summary.
    lead: present([{ id: 'ways', title: 'Ways to distribute the tests', summary: tuningBlocks(result).slice(1) }]),
    sections: [],
  };
}
