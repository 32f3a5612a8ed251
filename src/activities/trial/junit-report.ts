/** Gets pytest to leave a JUnit report, and the report out of the container. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readJunit } from '../../collectors/junit.ts';
import { RESULTS_MOUNT } from '../../collectors/trial-collector.ts';
import type { TestCounts } from '../../model/run.ts';
import type { ActivityDeps } from '../deps.ts';
import type { Trial } from './trial.ts';

const REPORT = 'junit.xml';
/** Where nothing can be mounted (a remote engine), a place that every user may write to. */
const UNMOUNTED = '/tmp/paceline-junit.xml';

/** Without its plugin, pytest does not know the option that asks for a report. */
const SWITCHED_OFF = /\bno:junitxml\b/;
/** Where pytest's options may stand. */
const CONFIGURATION = ['pytest.ini', '.pytest.ini', 'pyproject.toml', 'tox.ini', 'setup.cfg'];

/** Whether the command or the project's configuration switches pytest's JUnit reports off. */
export async function switchesReportsOff(command: readonly string[], sourceDirectory: string): Promise<boolean> {
  if (SWITCHED_OFF.test(command.join(' '))) return true;
  const files = CONFIGURATION.map(async (name) => readFile(join(sourceDirectory, name), 'utf8').catch(() => ''));
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
  | {
      readonly kind: 'none';
      readonly reason: string;
      /** There is no file, rather than one that says nothing. */
      readonly missing?: true;
    };

/** The counts of the report, or why there are none. */
export async function collectTests({ engine, endpoint }: ActivityDeps, { folder, name }: Trial): Promise<Tests> {
  const xml = endpoint.local
    ? await readFile(join(folder, 'results', REPORT), 'utf8').catch(() => null)
    : ((await engine.copyOut(name, UNMOUNTED))?.toString('utf8') ?? null);
  if (xml === null)
    return {
      kind: 'none',
      reason: 'no JUnit report was written: the command is not pytest, writes its own, or ended before',
      missing: true,
    };
  const report = readJunit(xml);
  return report.kind === 'counts' ? { kind: 'counts', counts: report.counts } : { kind: 'none', reason: report.reason };
}
