/** Gets pytest to leave a JUnit report, and the report out of the container. */
import { join } from 'node:path';
import { figure } from '../../format/figure.ts';
import { readJunit } from '../../collectors/outcome/junit.ts';
import { RESULTS_MOUNT } from '../../collectors/trial-collector.ts';
import { openForeign, shortText } from '../../docker/files/foreign-file.ts';
import { PYTEST_FILES } from '../../docker/project-files/pytest-options.ts';
import type { StreamedFile } from '../../docker/engine/streams.ts';
import type { TestCounts } from '../../model/test-counts.ts';
import type { ActivityDeps } from '../support/deps.ts';
import type { Trial } from './trial.ts';

const REPORT = 'junit.xml';
/** Where nothing can be mounted (a remote engine), a place that every user may write to. */
const UNMOUNTED = '/tmp/paceline-junit.xml';

/** A report that is only read to check other counts by it is not worth more than a second or two of a CPU. */
const LARGEST_CHECKED_BYTES = 32_000_000;

/** Without its plugin, pytest does not know the option that asks for a report. */
const SWITCHED_OFF = /\bno:junitxml\b/;

/** Whether the command or the project's configuration switches pytest's JUnit reports off. */
export async function switchesReportsOff(command: readonly string[], sourceDirectory: string): Promise<boolean> {
  if (SWITCHED_OFF.test(command.join(' '))) return true;
  const files = PYTEST_FILES.map(async (name) => (await shortText(join(sourceDirectory, name))) ?? '');
  return (await Promise.all(files)).some((text) => SWITCHED_OFF.test(text));
}

/**
 * Asks for the report through PYTEST_ADDOPTS, after what the project asks for there itself. A report named on the
 * command line wins over it, and then there is none for us.
 * @param ownAddopts what image and service set
 */
export function junitEnvironment(ownAddopts: string | null, mounted: boolean): Record<string, string> {
  if (SWITCHED_OFF.test(ownAddopts ?? '')) return {};
  const path = mounted ? `${RESULTS_MOUNT}/${REPORT}` : UNMOUNTED;
  return { PYTEST_ADDOPTS: [ownAddopts ?? '', `--junitxml=${path}`].filter(Boolean).join(' ') };
}

export type Tests =
  | { readonly kind: 'counts'; readonly counts: TestCounts }
  /** There is one, and other counts make it needless. */
  | { readonly kind: 'notRead'; readonly note: string }
  | {
      readonly kind: 'none';
      readonly reason: string;
      /** There is no file, rather than one that says nothing. */
      readonly missing?: true;
    };

/**
 * The counts of the report, or why there are none.
 * @param counted whether the tests were counted from inside: then the report only confirms that
 */
export async function collectTests(
  { engine, endpoint }: Pick<ActivityDeps, 'engine' | 'endpoint'>,
  { folder, name }: Pick<Trial, 'folder' | 'name'>,
  counted: boolean,
): Promise<Tests> {
  const report = endpoint.local
    ? await openForeign(join(folder, 'results', REPORT))
    : await engine.copyOut(name, UNMOUNTED);
  if (report === null)
    return {
      kind: 'none',
      reason: 'no JUnit report was written: the command is not pytest, writes a report elsewhere, or ended too early',
      missing: true,
    };
  if (counted && report.bytes > LARGEST_CHECKED_BYTES) return notRead(report);
  const read = await readJunit(report.chunks);
  return read.kind === 'counts' ? { kind: 'counts', counts: read.counts } : { kind: 'none', reason: read.reason };
}

async function notRead(report: StreamedFile): Promise<Tests> {
  await report.close();
  const [size, bound] = [figure(report.bytes, 'byte'), figure(LARGEST_CHECKED_BYTES, 'byte')];
  return {
    kind: 'notRead',
    note: `pytest's JUnit report has ${size}, more than the ${bound} up to which Paceline compares it with the counts of the instrumented pytest. Those counts are used here.`,
  };
}
