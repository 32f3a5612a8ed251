import type { CollectedFile } from '../../../model/profile/test-table.ts';
import { figure } from '../../../format/figure.ts';
import { listOf } from '../../../format/list-of.ts';
import { formatRatio } from '../../../format/format-quantity.ts';
import { placeOf } from '../../place-of.ts';
import { type Audit, type AuditContext, type Finding, savesBetween, savesUnknown } from '../audit.ts';
import { conditionOf, serves } from '../../trials/serves.ts';
import { type Primary, primaryOf } from '../support/primary.ts';

/** Seconds that the collection of one file takes, and their share of the trial: on a busy machine everything takes longer. */
export const WORTH_SECONDS = 1;
export const WORTH_SHARE = 0.08;
/** The collection takes at least this long, and at least this share of the trial. */
export const LONG_SECONDS = 3;
export const LONG_SHARE = 0.2;
/** Where the folders of the tests are named, only their imports can be made shorter: more of the trial must be at stake. */
export const IMPORT_SECONDS = 10;
export const IMPORT_SHARE = 0.3;

/** Everything is imported before the first test runs, by each worker again, whichever tests are asked for. */
export const slowImport: Audit = {
  id: 'slow-import',
  title: 'Collecting the tests takes long',
  ok: 'No file takes long to import, and the collection is a small part of the trial.',
  requires: ['pytest'],
  audit: (context) => {
    const primary = primaryOf(context);
    if (primary?.pytest.collectedFiles === undefined || !serves(primary.trial, 'collection'))
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

function long({ facts }: AuditContext, primary: Primary): Finding[] {
  const { scenario, trial, caveats, pytest } = primary;
  const seconds = collectionSeconds(primary);
  const share = seconds / Math.max(seconds, trial.seconds ?? 0, 1e-9);
  // Where the folders of the tests are named, what is collected is what is run.
  const hasPaths = placeOf(facts.projectFiles, { kind: 'pytestOption', name: 'testpaths' }) !== null;
  if (seconds < (hasPaths ? IMPORT_SECONDS : LONG_SECONDS) || share < (hasPaths ? IMPORT_SHARE : LONG_SHARE)) return [];
  const costliest = (pytest.collectedFiles ?? []).filter((file) => file.seconds >= WORTH_SECONDS);
  if (hasPaths && costliest.length === 0) return [];
  const condition = conditionOf(trial);
  const took = `${figure(seconds, 'second')} of ${figure(trial.seconds ?? seconds, 'second')}${condition === null ? '' : ` ${condition}`}`;
  return [
    {
      kind: 'opportunity',
      message: hasPaths
        ? `Make the imports of the tests shorter: collecting them takes ${took}${listOfFiles(costliest)}.`
        : `Set \`testpaths\` in the pytest configuration, so that pytest looks for tests in their folder alone: collecting takes ${took}.`,
      evidence: [
        `collecting took ${figure(seconds, 'second')}, ${formatRatio(share)} of the trial`,
        ...(pytest.configuration.workers > 1
          ? [`each of ${pytest.configuration.workers} workers imports all files of the tests`]
          : []),
        ...(pytest.collectedFiles ?? []).slice(0, 3).map((file) => `${file.path}: ${figure(file.seconds, 'second')}`),
        ...caveats,
      ],
      where: hasPaths ? { file: costliest[0]!.path, line: 1 } : topOfConfiguration(facts),
      saves: hasPaths ? savesOfFiles(costliest, seconds, scenario.name) : savesUnknown('test.duration', scenario.name),
      remedy: {
        kind: 'steps',
        steps: [
          'See what is imported by `python -X importtime -m pytest --collect-only`.',
          ...(hasPaths ? ['Move costly imports into the functions and fixtures that use them.'] : []),
        ],
      },
    },
  ];
}

/** Of a longer list the costliest were stored. */
const MOST_FILES = 20;

/**
 * With workers their start is in the path as well, so the files tell. Where not all of them were stored, the path does, without
 * what the controller needed for its own start, as often as workers share a CPU.
 */
function collectionSeconds({ pytest, trial }: Primary): number {
  const { configuration, collectedFiles, path } = pytest;
  const { workers } = configuration;
  if (workers === 0) return path?.collection ?? 0;
  const files = (collectedFiles ?? []).reduce((sum, file) => sum + file.seconds, 0);
  if ((collectedFiles ?? []).length < MOST_FILES) return files;
  const started = (path?.start ?? 0) * Math.max(1, workers / Math.max(1, trial.lane.cpus.length));
  return Math.max(files, (path?.collection ?? 0) - started);
}

/** What two files import, the first one pays for: less is saved than their sum, and nothing where the tests need it. */
function savesOfFiles(files: readonly CollectedFile[], collection: number, scenario: string) {
  const sum = files.reduce((total, { seconds }) => total + seconds, 0);
  return savesBetween('test.duration', { value: Math.min(sum, collection) / 2, low: 0, high: collection }, scenario);
}

function listOfFiles(files: readonly CollectedFile[]): string {
  const named = files.slice(0, 3).map(({ path, seconds }) => `${path} ${figure(seconds, 'second')}`);
  return named.length === 0 ? '' : `, of which ${listOf(named)}`;
}

function topOfConfiguration({ projectFiles }: AuditContext['facts']) {
  return projectFiles?.pytest == null ? null : { file: projectFiles.pytest.file, line: 1 };
}
