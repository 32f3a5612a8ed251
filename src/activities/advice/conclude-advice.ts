import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runFolder } from '../../data/directory.ts';
import type { StoredVerification, TriedRemedy, VerifyAdviceResult } from '../../model/advice.ts';
import { verificationFiles } from '../../report/files.ts';
import { activity } from '../support/attempt.ts';
import type { Make } from '../support/deps.ts';
import { writeWhole } from '../support/workspace.ts';
import { adviceOfRun } from './advice-to-verify.ts';

/** verification.json and verification.md are in a folder of the workflow's run. What was decided before a cancel counts. */
export const concludeAdvice: Make<'concludeAdvice'> = ({ store, dataDirectory }) =>
  activity({ phase: 'collecting' }, async ({ run, ofRun, startedAt, tried, together, problems, notes, cancelled }) => {
    const { all, project } = await adviceOfRun(store, ofRun);
    const remedies: TriedRemedy[] = tried.flatMap(({ name, verification }) =>
      all.flatMap((each) =>
        each.kind === 'remedy' && each.remedy.name === name ? [{ ...each.remedy, verification }] : [],
      ),
    );
    const at = new Date().toISOString();
    const result: VerifyAdviceResult = {
      schemaVersion: 1,
      ...run,
      ofRun,
      project,
      startedAt,
      finishedAt: at,
      cancelled,
      tried: remedies,
      together,
      errors: problems,
      notes: [...new Set(notes)],
    };
    await store.saveVerification(
      result,
      remedies.map(
        ({ audit, fingerprint, saves, verification }): StoredVerification => ({
          audit,
          fingerprint,
          project,
          runId: ofRun,
          verifiedBy: run.runId,
          at,
          predicted: saves.predicted,
          verification,
        }),
      ),
    );
    const folder = runFolder(dataDirectory, run.runId);
    await mkdir(folder, { recursive: true });
    for (const [name, text] of Object.entries(await verificationFiles(result)))
      await writeWhole(join(folder, name), text);
    return result;
  });
