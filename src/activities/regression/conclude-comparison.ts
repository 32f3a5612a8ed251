import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { concludeParts } from '../../analysis/regression/compare.ts';
import { runFolder } from '../../data/directory.ts';
import { sideOf } from '../../model/side.ts';
import { upgradePart } from '../../model/upgrade-comparison.ts';
import { variantOf } from '../../model/variant.ts';
import { comparisonFiles } from '../../report/files.ts';
import { activity } from '../support/attempt.ts';
import type { Make } from '../support/deps.ts';
import { writeWhole } from '../support/workspace.ts';
import { factsOf } from './history.ts';

/** comparison.json and comparison.md are in a folder of the workflow's run, next to the folders of its sides. */
export const concludeComparison: Make<'concludeComparison'> = ({ store, dataDirectory }) =>
  activity({ phase: 'collecting' }, async ({ run, input, startedAt, parts, problems, notes, cancelled }) => {
    const [base, head] = [
      await factsOf(store, sideOf(run, 'base').runId),
      await factsOf(store, sideOf(run, 'head').runId),
    ];
    const result = concludeParts({
      run,
      project: head?.plan?.project ?? null,
      startedAt,
      base: { ...variantOf(input.base), commit: base?.source?.commit ?? null },
      head: { ...variantOf(input.head), commit: head?.source?.commit ?? null },
      parts: parts.map(upgradePart),
      errors: problems,
      notes: [...new Set([...notes, ...(head?.notes ?? []), ...(base?.notes ?? [])])],
      cancelled,
    });
    const folder = runFolder(dataDirectory, run.runId);
    await mkdir(folder, { recursive: true });
    for (const [name, text] of Object.entries(await comparisonFiles(result)))
      await writeWhole(join(folder, name), text);
    return result;
  });
