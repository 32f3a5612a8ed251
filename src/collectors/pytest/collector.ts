/**
 * pytest from inside: a probe is put into every Python of the test container by its environment, tells where the time
 * goes, and steps aside where it cannot be loaded. Then there is JUnit, and without that exit code and clock.
 */
import { chmod, copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openForeign } from '../../docker/foreign-file.ts';
import { createLineSplitter } from '../../docker/line-splitter.ts';
import { measured, type Measurement, notAvailable } from '../../model/measurement.ts';
import type { PytestProfile } from '../../model/pytest-profile.ts';
import { type Collected, RESULTS_MOUNT, type TrialCollector } from '../trial-collector.ts';
import { createProbeReader, type ProbeSession } from './probe-records.ts';
import { profileOf } from './profile.ts';

const NAME = 'paceline_probe';
/** Within the results folder; what the probe writes lies in the first. */
const FOLDER = 'pytest';
const PLUGIN_FOLDER = join(FOLDER, 'plugin');

/**
 * The probe is found as an installed plugin is, by its distribution on PYTHONPATH. Naming it in PYTEST_PLUGINS as well
 * would break each command that sets a PYTHONPATH of its own; there it is just not found. So it is named only where
 * pytest is told not to look for plugins itself.
 */
const DISTRIBUTION: Readonly<Record<string, string>> = {
  METADATA: `Metadata-Version: 2.1\nName: paceline-probe\nVersion: 1\n`,
  'entry_points.txt': `[pytest11]\n${NAME} = ${NAME}\n`,
};

export const pytest: TrialCollector = {
  id: 'pytest',
  metrics: ['coverage.report.duration'],
  additions: async ({ resultsFolder }, own) => {
    if (resultsFolder === null) return { environment: {} };
    await layOut(resultsFolder);
    return { environment: environmentOf(own) };
  },
  collect: async ({ resultsFolder, container: { state } }) => {
    if (resultsFolder === null) return nothingSeen('nothing can be mounted into containers of a remote engine');
    const sessions = await readSessions(join(resultsFolder, FOLDER));
    const profile = profileOf(sessions, secondsBetween(state.startedAt, state.finishedAt));
    if (profile !== null) return seen(profile, leftOutOf(sessions));
    return nothingSeen(sessions.length > 0 ? 'pytest ended before its session began' : NOT_LOADED);
  },
};

const NOT_LOADED =
  'no pytest loaded the probe (the command runs none, or switches plugins off, or ignores or replaces PYTHONPATH)';

/** @param own what image and service set: added to, never replaced */
export function environmentOf(own: Readonly<Record<string, string>>): Record<string, string> {
  const added = (value: string | undefined, word: string, separator: string) =>
    value === undefined || value === '' ? word : `${value}${separator}${word}`;
  const path = { PYTHONPATH: added(own['PYTHONPATH'], `${RESULTS_MOUNT}/${PLUGIN_FOLDER}`, ':') };
  const isNotFound = (own['PYTEST_DISABLE_PLUGIN_AUTOLOAD'] ?? '') !== '';
  return isNotFound ? { ...path, PYTEST_PLUGINS: added(own['PYTEST_PLUGINS'], NAME, ',') } : path;
}

/** The tests may run as any user: what they read is open to all, and so is the folder that they write to. */
export async function layOut(resultsFolder: string): Promise<void> {
  const plugin = join(resultsFolder, PLUGIN_FOLDER);
  const distribution = join(plugin, `${NAME}-1.dist-info`);
  await mkdir(distribution, { recursive: true });
  const probe = join(plugin, `${NAME}.py`);
  await copyFile(new URL(`${NAME}.py`, import.meta.url), probe);
  const files = Object.entries(DISTRIBUTION).map(([name, content]) => [join(distribution, name), content] as const);
  for (const [file, content] of files) await writeFile(file, content);
  for (const file of [probe, ...files.map(([name]) => name)]) await chmod(file, 0o644);
  for (const folder of [plugin, distribution]) await chmod(folder, 0o755);
  await chmod(join(resultsFolder, FOLDER), 0o777);
}

/** A line of fixtures is the longest: some 100 characters for each fixture of the suite. */
const LONGEST_LINE = 2 ** 20;

/** As streams, one file after the other: tests may write anything, and any amount, into that folder. */
export async function readSessions(folder: string): Promise<ProbeSession[]> {
  const reader = createProbeReader();
  for (const name of await readdir(folder)) {
    const file = name.endsWith('.jsonl') ? await openForeign(join(folder, name)) : null;
    if (file === null) continue;
    const lines = createLineSplitter(LONGEST_LINE);
    for await (const chunk of file.chunks) for (const line of lines.add(chunk)) reader.add(line);
    for (const line of lines.end()) reader.add(line);
    reader.endOfProcess();
  }
  return reader.sessions();
}

function seen(profile: PytestProfile, leftOut: readonly string[]): Collected {
  return {
    measurements: [coverageReport(profile)],
    profile: { pytest: profile, notes: [], ...(leftOut.length === 0 ? {} : { leftOut }) },
  };
}

function leftOutOf(sessions: readonly ProbeSession[]): string[] {
  const left = sessions.reduce((sum, { testsLeftOut }) => sum + testsLeftOut, 0);
  if (left === 0) return [];
  const kept = sessions.reduce((sum, { tests }) => sum + tests.length, 0);
  return [
    `Of ${kept + left} tests the times of the first ${kept} were kept: slowest tests, markers, folders and workers are those of these. The counts of a pytest that came to its end are of all.`,
  ];
}

function coverageReport({ coverageReportSeconds, configuration }: PytestProfile): Measurement {
  if (coverageReportSeconds !== null)
    return measured('coverage.report.duration', coverageReportSeconds, 'pytest-probe');
  const reason = configuration.coverage
    ? 'pytest-cov was active and made no report.'
    : 'The tests ran without pytest-cov.';
  return notAvailable('coverage.report.duration', reason, 'pytest-probe');
}

function nothingSeen(because: string): Collected {
  const note = `pytest could not be seen from inside: ${because}. Counts are from JUnit where there is a report; times of single tests are not known.`;
  const reason = `pytest could not be seen from inside: ${because}.`;
  return {
    measurements: [notAvailable('coverage.report.duration', reason, 'pytest-probe')],
    profile: { pytest: null, notes: [note] },
  };
}

function secondsBetween(startedAt: string | null, finishedAt: string | null): number | null {
  const seconds = (Date.parse(finishedAt ?? '') - Date.parse(startedAt ?? '')) / 1000;
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}
