/** With which arguments pytest was called in a trial, as the probe saw it. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { wholeOf } from '../../docker/engine/streams.ts';
import { openForeign } from '../../docker/files/foreign-file.ts';
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

/** @param folder where the probe writes @returns null if it holds too much, or what is not a file that may be read */
export async function pytestInvocations(folder: string): Promise<Invocations | null> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.jsonl'));
  if (names.length > MOST_FILES) return null;
  const opened = await Promise.all(names.map((name) => openForeign(join(folder, name))));
  const files = opened.filter((file) => file !== null);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (files.length < names.length || bytes > MOST_BYTES) {
    await Promise.all(files.map((file) => file.close()));
    return null;
  }
  const texts = await Promise.all(files.map(async ({ chunks }) => (await wholeOf(chunks)).toString('utf8')));
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
