/** Writes the pages of a store as files: only those that changed, and the pages of deleted runs go. */
import { createHash } from 'node:crypto';
import { ASSETS } from '../../report/formats/html/assets.ts';
import { renderPage } from '../../report/formats/html/page.ts';
import { markupOfMissing } from './missing-page.ts';
import type { Store } from '../../store/store.ts';
import { contents, type ContentsOptions, linksOfFile, type PlannedPage } from './contents.ts';
import { exists, readManifest, removeFile, saveManifest, writeWhole } from './folder.ts';

export interface WriteOptions extends ContentsOptions {
  readonly folder: string;
  /** Of Paceline: pages of another version are written again. */
  readonly version: string;
  /** Where the site will be, for the page that servers show for a wrong address; null: not known. */
  readonly baseUrl: string | null;
}

export interface Written {
  readonly written: number;
  readonly kept: number;
  readonly removed: number;
}

/** After this number of pages the manifest is saved, so that a killed process does not begin again. */
const SAVED_EVERY = 500;
const ASSETS_FOLDER = 'assets';
const ASSET_NAMES = {
  style: `style-${nameHash(ASSETS.style.hash)}.css`,
  script: `page-${nameHash(ASSETS.script.hash)}.js`,
};

/** @throws PacelineError WrongUsage if the folder is not a site of Paceline's; StoreUnavailable */
export async function writeSite(store: Store, options: WriteOptions): Promise<Written> {
  const { folder } = options;
  const before = await readManifest(folder);
  const pages = await contents(store, options);
  const made = nameHash(JSON.stringify([options.version, ASSET_NAMES]));
  const wanted = new Map<string, string>([
    ...Object.keys(fixedFiles(options)).map((file) => [file, made] as const),
    ...pages.map(({ path, stamp }) => [fileOf(path), `${made}${stamp}`] as const),
  ]);
  const known = new Map(
    Object.entries(before.files).map(([file, stamp]) => [
      file,
      wanted.get(file) === stamp && exists(folder, file) ? stamp : '',
    ]),
  );
  const isCurrent = (file: string) => known.get(file) === wanted.get(file);
  const stale = pages.filter(({ path }) => !isCurrent(fileOf(path)));
  const gone = [...known.keys()].filter((file) => !wanted.has(file));
  // From now on every file that may come into being is known.
  for (const file of wanted.keys()) if (!known.has(file)) known.set(file, '');
  await saveManifest(folder, Object.fromEntries(known));
  for (const [file, text] of Object.entries(fixedFiles(options))) {
    if (!isCurrent(file)) await writeWhole(folder, file, text);
    known.set(file, wanted.get(file)!);
  }
  for (const [index, page] of stale.entries()) {
    const file = fileOf(page.path);
    const isWritten = await writePage(folder, page);
    if (isWritten) known.set(file, wanted.get(file)!);
    if (index % SAVED_EVERY === SAVED_EVERY - 1) await saveManifest(folder, Object.fromEntries(known));
  }
  for (const file of gone) {
    await removeFile(folder, file);
    known.delete(file);
  }
  await saveManifest(folder, Object.fromEntries(known));
  return { written: stale.length, kept: pages.length - stale.length, removed: gone.length };
}

async function writePage(folder: string, { path, make }: PlannedPage): Promise<boolean> {
  const page = await make(linksOfFile(path));
  if (page === null) return false;
  const depth = path.split('/').length - 2;
  const assets = { folder: `${'../'.repeat(depth)}${ASSETS_FOLDER}/`, ...ASSET_NAMES };
  await writeWhole(folder, fileOf(path), renderPage(page, { assets }));
  return true;
}

/** `.nojekyll`: GitHub Pages serves the files as they are. */
function fixedFiles({ baseUrl }: WriteOptions): Readonly<Record<string, string>> {
  return {
    '.nojekyll': '',
    [`${ASSETS_FOLDER}/${ASSET_NAMES.style}`]: ASSETS.style.text,
    [`${ASSETS_FOLDER}/${ASSET_NAMES.script}`]: ASSETS.script.text,
    ...(baseUrl === null ? {} : { '404.html': markupOfMissing(baseUrl) }),
  };
}

function fileOf(path: string): string {
  return `${path.slice(1)}index.html`;
}

function nameHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 10);
}
