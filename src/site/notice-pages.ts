/** Pages that say that there is nothing to see, and what to do. */
import { code, link, paragraph, type Inline } from '../report/blocks.ts';
import type { Page } from '../report/page.ts';

const HOME = link('The first page', '/');

function notice(title: string, what: Inline, next: Inline): Page {
  return {
    title,
    trail: [],
    headline: null,
    about: what,
    lead: [],
    sections: [{ id: 'next', title: 'What to do', summary: [paragraph(next)], details: [] }],
  };
}

export function notFoundPage(path: string): Page {
  return notice(
    'No such page',
    ['There is nothing at ', code(path), '.'],
    [HOME, ' lists what there is. A run that was deleted has no page any more.'],
  );
}

export function unknownWorkflowPage(workflowId: string): Page {
  return notice(
    'No such workflow',
    ['The Temporal server does not know the workflow ', code(workflowId), ', or does not answer.'],
    ['Reload the page if the server was just started. ', HOME, ' lists the runs that are stored.'],
  );
}

export function failedPage(reason: string): Page {
  return notice(
    'This page could not be made',
    ['The reason is: ', code(reason)],
    [
      'Reload the page. If that does not help, ',
      code('paceline doctor'),
      ' checks this machine. No measurement is lost.',
    ],
  );
}

/** A name that is not this machine's: see host-names.ts. */
export function wrongNamePage(host: string): string {
  return `The pages are not served under the name ${JSON.stringify(host.slice(0, 200))}.\nOpen them by their address, or start Paceline with --pages-name NAME to allow a name.\n`;
}
