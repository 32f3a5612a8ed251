/** With which arguments pytest was called in a trial, as the probe saw it. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { asArray, asText, type Row } from './foreign-json.ts';

export interface Invocations {
  /** Also those that ended before their session, as on wrong usage. */
  readonly begun: number;
  /** Of each session, the workers' included. */
  readonly arguments: readonly (readonly string[])[];
}

/** More than this is not read for it: a trial of 20,000 tests leaves 4 MB. */
const MOST_FILES = 100;
const MOST_BYTES = 8_000_000;
/** The probe keeps no more of a command line. */
const MOST_ARGUMENTS = 60;
const LONGEST_ARGUMENT = 300;

/** @param folder where the probe writes @returns null if there is too much to read, or no such folder */
export async function pytestInvocations(folder: string): Promise<Invocations | null> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.jsonl'));
  const files = names.map((name) => join(folder, name));
  if (files.length > MOST_FILES) return null;
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  if (sizes.reduce((sum, size) => sum + size, 0) > MOST_BYTES) return null;
  const texts = await Promise.all(files.map(async (file) => readFile(file, 'utf8')));
  const rows = texts.flatMap((text) => text.split('\n').flatMap(rowOf));
  return {
    begun: rows.filter((row) => row['k'] === 'start').length,
    arguments: rows
      .filter((row) => row['k'] === 'session')
      .map((row) => asArray(row['args']).map((word) => asText(word) ?? '')),
  };
}

/** Whether pytest was called with these arguments, with others before and after them or without. */
export function calledWith(seen: readonly string[], wanted: readonly string[]): boolean {
  if (seen.length >= MOST_ARGUMENTS) return true;
  const text = (words: readonly string[]) => ` ${words.map((word) => word.slice(0, LONGEST_ARGUMENT)).join(' ')} `;
  return text(seen).includes(wanted.length === 0 ? '' : text(wanted));
}

function rowOf(line: string): readonly Row[] {
  if (!/"k": ?"(?:start|session)"/.test(line)) return [];
  try {
    return [JSON.parse(line) as Row];
  } catch {
    return [];
  }
}
