/** Stored comparisons: each is a comparison.json in the directory of its run. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CompareResult } from '../model/comparison.ts';
import { upgradeComparison } from '../model/upgrade-comparison.ts';

/** @param wanted which directories of runs are looked at */
export async function comparisonsIn(
  dataDirectory: string,
  wanted: (runId: string) => boolean,
): Promise<readonly CompareResult[]> {
  const runs = (await readdir(join(dataDirectory, 'runs')).catch(() => [])).filter(wanted);
  const read = await Promise.all(runs.map((runId) => readComparison(dataDirectory, runId)));
  return read.filter((result) => result !== null);
}

/** @returns null for a run that is none, and for a file that cannot be read */
export async function readComparison(dataDirectory: string, runId: string): Promise<CompareResult | null> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(runId)) return null;
  try {
    const text = await readFile(join(dataDirectory, 'runs', runId, 'comparison.json'), 'utf8');
    return upgradeComparison(JSON.parse(text) as CompareResult);
  } catch {
    return null;
  }
}
