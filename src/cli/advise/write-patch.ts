/** `paceline advise --patch FILE`: the remedies that are worth it, as one patch for `git apply`. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { byWorth, type ListedAdvice } from '../../analysis/advice/listing.ts';
import { folderInCopy } from '../../analysis/advice/to-verify.ts';
import { combinePatches, patchInFolder } from '../../analysis/patches/combine.ts';
import { listOf } from '../../format/list-of.ts';
import { wrongUsage } from '../../model/failure.ts';
import { leftOutWords } from '../../report/advice-words.ts';
import type { Io } from '../io.ts';
import type { AdvisedRun } from './advised-run.ts';

/** Those that save most come first, so that they win where two change the same lines. */
export async function writePatch(
  { listing, facts }: AdvisedRun,
  { file, unverified }: { readonly file: string; readonly unverified: boolean },
  io: Io,
): Promise<void> {
  const winners = listing.opportunities
    .filter(({ state }) => state === 'verified' || (unverified && state === 'predicted'))
    .toSorted(byWorth);
  const combined = combinePatches(
    winners.flatMap(({ name, remedy }) => (remedy?.kind === 'patch' ? [{ name, patch: remedy.patch }] : [])),
  );
  if (combined.patch === null) throw nothingToWrite(unverified);
  const folder = folderInCopy(listing.runId, facts.source?.directory);
  const patch = patchInFolder(combined.patch, folder) ?? combined.patch;
  if (file === '-') io.out(patch);
  else await write(resolve(io.cwd, file), patch, file);
  io.err(
    `${file === '-' ? 'The patch' : file} has ${listOf(combined.members)}. Apply it at the top of the repository: git apply ${file === '-' ? 'FILE' : file}\n`,
  );
  for (const each of combined.leftOut) io.err(`${leftOutWords(each)}\n`);
  for (const line of winners.flatMap(byHand)) io.err(`${line}\n`);
}

function nothingToWrite(unverified: boolean) {
  return unverified
    ? wrongUsage('No advice of this run has a patch.', '`paceline advise` shows what to change by hand.')
    : wrongUsage(
        'No verified remedy of this run is a patch.',
        'Run `paceline advise --verify` first, or add --unverified for those that are only predicted.',
      );
}

/** A plan override is not in the patch: paceline.yml may not have its key, or may not be there at all. */
function byHand({ name, remedy }: ListedAdvice): string[] {
  if (remedy?.kind !== 'planOverride') return [];
  const keys = Object.entries(remedy.set).map(([path, value]) => `${path}: ${value}`);
  return [`${name} is not in the patch; write it into paceline.yml: ${keys.join('; ')}`];
}

async function write(path: string, patch: string, given: string): Promise<void> {
  await writeFile(path, patch).catch((error: NodeJS.ErrnoException) => {
    throw wrongUsage(`${given} cannot be written (${error.code}).`, 'Specify another file with --patch.');
  });
}
