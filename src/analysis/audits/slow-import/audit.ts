import type { CollectedFile } from '../../../model/profile/test-table.ts';
import { figure } from '../../../format/figure.ts';
import { formatRatio } from '../../../format/format-quantity.ts';
import { placeOf } from '../../place-of.ts';
import { type Audit, type AuditContext, type Finding, savesBetween, savesUnknown } from '../audit.ts';
import { type Primary, primaryOf } from '../support/primary.ts';

/** Seconds that the collection of one file takes, and their share of the trial: on a busy machine everything takes longer. */
export const WORTH_SECONDS = 1;
export const WORTH_SHARE = 0.08;
/** The collection takes at least this long, and at least this share of the trial. */
export const LONG_SECONDS = 3;
export const LONG_SHARE = 0.2;

/** Everything is imported before the first test runs, by each worker again, whichever tests are asked for. */
export const slowImport: Audit = {
  id: 'slow-import',
  title: 'Collecting the tests takes long',
  ok: 'No file takes long to import, and the collection is a small part of the trial.',
  requires: ['pytest'],
  audit: (context) => {
    const primary = primaryOf(context);
    if (primary?.pytest.collectedFiles === undefined)
      return [{ kind: 'inconclusive', reason: 'The imports of the collection were not recorded.' }];
    const found = primary.pytest.collectedFiles
      .filter(({ seconds }) => seconds >= Math.max(WORTH_SECONDS, WORTH_SHARE * (primary.trial.seconds ?? 0)))
      .flatMap((file) => heavy(primary, file));
    return found.length > 0 ? found : long(context, primary);
  },
};

function heavy({ scenario, caveats }: Primary, { path, seconds, tests }: CollectedFile): Finding[] {
  const isConftest = path.endsWith('conftest.py');
  return [
    {
      kind: 'opportunity',
      message: isConftest
        ? `Import what ${path} needs within its fixtures: now every run of pytest imports it, even for one test.`
        : `Look at what ${path} imports and computes at its top: it runs before the first test, in each worker.`,
      evidence: [
        `${path} took ${figure(seconds, 'second')} to collect${isConftest ? '' : `, for ${tests} ${tests === 1 ? 'test' : 'tests'}`}`,
        ...caveats,
      ],
      where: { file: path, line: 1 },
      // Workers collect at the same time, so it counts once.
      saves: savesBetween('test.duration', { value: seconds, low: 0, high: seconds * 1.1 }, scenario.name),
      remedy: {
        kind: 'steps',
        steps: [
          'See what it imports by `python -X importtime -m pytest --collect-only`.',
          'Move costly imports into the functions and fixtures that use them, and computed values into session fixtures.',
        ],
      },
    },
  ];
}

function long({ facts }: AuditContext, { pytest, scenario, trial, caveats }: Primary): Finding[] {
  // With workers their start is in the path as well.
  const seconds =
    pytest.configuration.workers > 0
      ? (pytest.collectedFiles ?? []).reduce((sum, file) => sum + file.seconds, 0)
      : (pytest.path?.collection ?? 0);
  const share = seconds / Math.max(seconds, trial.seconds ?? 0, 1e-9);
  // Where the folders of the tests are named, what is collected is what is run.
  const hasPaths = placeOf(facts.projectFiles, { kind: 'pytestOption', name: 'testpaths' }) !== null;
  if (hasPaths || seconds < LONG_SECONDS || share < LONG_SHARE) return [];
  return [
    {
      kind: 'opportunity',
      message: 'Set `testpaths` in the pytest configuration, so that pytest looks for tests in their folder alone.',
      evidence: [
        `collecting took ${figure(seconds, 'second')}, ${formatRatio(share)} of the trial`,
        ...(pytest.collectedFiles ?? []).slice(0, 3).map((file) => `${file.path}: ${figure(file.seconds, 'second')}`),
        ...caveats,
      ],
      where: facts.projectFiles?.pytest == null ? null : { file: facts.projectFiles.pytest.file, line: 1 },
      saves: savesUnknown('test.duration', scenario.name),
      remedy: { kind: 'steps', steps: ['See what is imported by `python -X importtime -m pytest --collect-only`.'] },
    },
  ];
}
