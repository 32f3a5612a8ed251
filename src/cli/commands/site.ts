/** `paceline site`: the pages of the store as files. */
import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { wrongUsage } from '../../model/failure.ts';
import { writeSite } from '../../site/write/write-site.ts';
import { version } from '../version.ts';
import type { Ending } from '../ending.ts';
import { inStore, type StoreFlags } from '../history/open.ts';
import type { Io } from '../io.ts';
import { wholeNumber, withDataDirectory } from '../options.ts';

interface SiteFlags extends StoreFlags {
  readonly output: string;
  readonly project?: string;
  readonly baseUrl?: string;
  readonly reports: number;
}

/** At about half a megabyte each, what GitHub Pages takes is not filled by one project. */
const REPORTS = 50;

const EXAMPLES = `
Examples:
  paceline site --output public
  paceline site --output public --project shop
  paceline site --output public --base-url https://example.github.io/shop/

Run it again to add new runs: only pages that changed are written, and the pages of deleted runs go.`;

export function siteCommand(io: Io, ending: Ending): Command {
  const command = new Command('site')
    .requiredOption('-o, --output <dir>', 'directory of the site: new, empty, or written by this command before')
    .option('--project <name>', 'only the project with this name')
    .option('--reports <n>', 'number of newest runs of each project with their whole report', wholeNumber(0), REPORTS)
    .option('--base-url <url>', 'address of the site, for its page for wrong addresses (404.html)', baseUrl)
    .addHelpText('after', EXAMPLES);
  return withDataDirectory(command).action(async (flags: SiteFlags) => {
    await write(flags, io);
    ending.ends(0);
  });
}

function write(flags: SiteFlags, io: Io): Promise<void> {
  return inStore(flags, io, async ({ store, dataDirectory, place }) => {
    const known = await store.projects();
    if (flags.project !== undefined && !known.includes(flags.project)) {
      throw wrongUsage(
        `No run of ${flags.project} is recorded in ${place}.`,
        known.length === 0 ? 'Start one with `paceline run`.' : `It has runs of ${known.join(', ')}.`,
      );
    }
    const folder = resolve(io.cwd, flags.output);
    const { written, kept, removed } = await writeSite(store, {
      folder,
      dataDirectory,
      projects: flags.project === undefined ? null : [flags.project],
      reports: flags.reports,
      version: version(),
      baseUrl: flags.baseUrl ?? null,
    });
    io.err(`${written} ${written === 1 ? 'page' : 'pages'} written, ${kept} unchanged, ${removed} removed.\n`);
    io.out(`${resolve(folder, 'index.html')}\n`);
  });
}

function baseUrl(text: string): string {
  if (!/^https?:\/\/[^\s\\]+$/.test(text)) throw new InvalidArgumentError('Write it like https://example.org/pages/.');
  return text.endsWith('/') ? text : `${text}/`;
}
