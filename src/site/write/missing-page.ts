/** What a file server shows for an address without a page. It may stand at any depth, so its link is a whole address. */
import { link, paragraph } from '../../report/blocks.ts';
import { renderPage } from '../../report/formats/html/page.ts';

/** @param baseUrl of the site, ending in a slash */
export function markupOfMissing(baseUrl: string): string {
  return renderPage({
    title: 'No such page',
    trail: [link('Projects', baseUrl)],
    headline: null,
    about: 'There is nothing at this address. A run that was deleted has no page any more.',
    lead: [],
    sections: [
      {
        id: 'next',
        title: 'What to do',
        summary: [paragraph([link('The first page', baseUrl), ' lists what there is.'])],
        details: [],
      },
    ],
  });
}
