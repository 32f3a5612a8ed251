/** The page of a run: verdict, targets, what changed and what to do on the first screen; the rest below. */
import type { RunResult } from '../../model/result.ts';
import { toDoFirst } from '../../analysis/advice/listing.ts';
import { code, type Inline, type Link, link, list, item, type Section } from '../blocks.ts';
import { type ReportContext, RESULT_ALONE } from '../context.ts';
import type { Page } from '../page.ts';
import { headline } from '../sections/headline.ts';
import { sectionsOf } from '../sections/index.ts';
import { minute } from '../text/minute.ts';
import { adviceLine } from '../advice-line.ts';

/** The sections of the first screen, in this order. */
const LEAD: readonly string[] = ['phases', 'errors', 'alerts', 'failed-tests'];
const BEST_REMEDIES = 3;

/** @param trail the way to this page; none for a file on its own */
export function runPage(result: RunResult, context: ReportContext = RESULT_ALONE, trail: readonly Link[] = []): Page {
  const sections = sectionsOf(result, context);
  return {
    title: `${result.project}: ${result.verdict}`,
    trail,
    headline: headline(result),
    about: aboutWords(result),
    lead: [...LEAD.flatMap((id) => sections.filter((section) => section.id === id)), ...bestRemedies(result)],
    sections: sections.filter(({ id }) => !LEAD.includes(id)),
  };
}

function aboutWords({ startedAt, hosts, workflowId }: RunResult): Inline {
  const [host] = hosts;
  const on = host === undefined ? '' : ` on ${host.fingerprint.key.cpuModel}, ${host.fingerprint.key.cores} cores`;
  return [
    `Started ${minute(startedAt)} UTC${on}; workflow `,
    code(workflowId),
    '. Everything that was measured is in ',
    code('facts.json'),
    '.',
  ];
}

/** What to do, for someone who reads only the first screen. */
function bestRemedies({ advice }: RunResult): readonly Section[] {
  const best = toDoFirst(advice).slice(0, BEST_REMEDIES);
  if (best.length === 0) return [];
  const rows = best.map((each) => item(adviceLine(each), { sign: 'action' }));
  const rest = advice.length - best.length;
  const more = rest > 0 ? [item(link(rest === 1 ? 'One more' : `${rest} more`, '#advice'))] : [];
  return [{ id: 'first', title: 'What to do first', summary: list([...rows, ...more]), details: [] }];
}
