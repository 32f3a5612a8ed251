/**
 * pytest from inside: a probe is put into every Python of the test container by its environment, tells where the time
 * goes, and steps aside where it cannot be loaded. Then there is JUnit, and without that exit code and clock.
 */
import { chmod, copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openForeign } from '../../docker/files/foreign-file.ts';
import { createLineSplitter } from '../../docker/files/line-splitter.ts';
import { failedMeasurement, measured, type Measurement, notAvailable } from '../../model/measurement.ts';
import type { PytestProfile } from '../../model/profile/pytest-profile.ts';
import type { SuiteEnd } from '../../model/suite-end.ts';
import { type Collected, RESULTS_MOUNT, type TrialCollector } from '../trial-collector.ts';
import { clockFault, withoutTimes } from './clock.ts';
import { createProbeReader, type ProbeSession } from './probe-records.ts';
import { profileOf } from './profile.ts';
import { suiteEndOf } from './suite-end.ts';

const NAME = 'paceline_probe';
/** The module that pytest loads, and what it loads from beside itself. */
const MODULES = ['', '_system', '_files', '_waits', '_values', '_fixtures', '_coverage', '_session'].map(
  (part) => `${NAME}${part}.py`,
);
/** In the results folder. The probe writes to the first one. */
export const PYTEST_FOLDER = 'pytest';
const PLUGIN_FOLDER = join(PYTEST_FOLDER, 'plugin');

/** For a pytest that does not load plugins by itself: in this folder Python finds the module that names the probe. */
const START_FOLDER = join(PYTEST_FOLDER, 'start');

/**
 * The probe is found as an installed plugin is, by its distribution on PYTHONPATH. Naming it in PYTEST_PLUGINS for the
 * whole container would break each command that sets its own PYTHONPATH, because the probe is not found there. So it is named
 * only if pytest is configured not to load plugins by itself, and only in a process that has that PYTHONPATH.
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
    const sessions = await readSessions(join(resultsFolder, PYTEST_FOLDER));
    const seconds = secondsBetween(state.startedAt, state.finishedAt);
    const finishedAt = secondsOf(state.finishedAt);
    const [profile, end] = [profileOf(sessions, seconds, finishedAt), suiteEndOf(sessions, seconds, finishedAt)];
    if (profile !== null) return seen(profile, end, clockFault(sessions, seconds), leftOutOf(sessions));
    return nothingSeen(sessions.length > 0 ? 'pytest ended before its session started' : NOT_LOADED, end);
  },
};

const NOT_LOADED =
  'no pytest loaded the probe (the command does not run pytest, disables plugins, or ignores or replaces PYTHONPATH)';

/** @param own what image and service set: added to, never replaced */
export function environmentOf(own: Readonly<Record<string, string>>): Record<string, string> {
  const added = (value: string | undefined, word: string, separator: string) =>
    value === undefined || value === '' ? word : `${value}${separator}${word}`;
  const isNotFound = (own['PYTEST_DISABLE_PLUGIN_AUTOLOAD'] ?? '') !== '';
  const folders = isNotFound ? [PLUGIN_FOLDER, START_FOLDER] : [PLUGIN_FOLDER];
  const paths = folders.map((folder) => `${RESULTS_MOUNT}/${folder}`);
  return { PYTHONPATH: added(own['PYTHONPATH'], paths.join(':'), ':') };
}

/** The tests may run as any user: what they read is open to all, and so is the folder that they write to. */
export async function layOut(resultsFolder: string): Promise<void> {
  const plugin = join(resultsFolder, PLUGIN_FOLDER);
  const distribution = join(plugin, `${NAME}-1.dist-info`);
  const start = join(resultsFolder, START_FOLDER);
  for (const folder of [distribution, start]) await mkdir(folder, { recursive: true });
  const naming = join(start, 'sitecustomize.py');
  const modules = MODULES.map((name) => [name, join(plugin, name)] as const);
  for (const [name, file] of [...modules, ['sitecustomize.py', naming] as const]) {
    await copyFile(new URL(name, import.meta.url), file);
  }
  const files = Object.entries(DISTRIBUTION).map(([name, content]) => [join(distribution, name), content] as const);
  for (const [file, content] of files) await writeFile(file, content);
  for (const file of [naming, ...modules.map(([, file]) => file), ...files.map(([name]) => name)])
    await chmod(file, 0o644);
  for (const folder of [plugin, distribution, start]) await chmod(folder, 0o755);
  await chmod(join(resultsFolder, PYTEST_FOLDER), 0o777);
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

/** @param fault what is wrong with the container's clock */
function seen(
  profile: PytestProfile,
  end: SuiteEnd | null,
  fault: string | null,
  leftOut: readonly string[],
): Collected {
  const left = leftOut.length === 0 ? {} : { leftOut };
  if (fault === null)
    return { measurements: [coverageReport(profile)], profile: { pytest: profile, end, notes: [], ...left } };
  const reason = `Times from the instrumented pytest are not used: ${fault}.`;
  const measurements = [failedMeasurement('coverage.report.duration', reason, 'pytest-probe')];
  return { measurements, profile: { pytest: withoutTimes(profile), end, unseen: reason, notes: [reason], ...left } };
}

function leftOutOf(sessions: readonly ProbeSession[]): string[] {
  const left = sessions.reduce((sum, { testsLeftOut }) => sum + testsLeftOut, 0);
  if (left === 0) return [];
  const kept = sessions.reduce((sum, { tests }) => sum + tests.length, 0);
  return [
    `Of ${kept + left} tests, only the times of the first ${kept} were kept: slowest tests, markers, folders and workers cover only these. The counts cover all tests if pytest ended normally.`,
  ];
}

function coverageReport({ coverageReportSeconds, configuration }: PytestProfile): Measurement {
  if (coverageReportSeconds !== null)
    return measured('coverage.report.duration', coverageReportSeconds, 'pytest-probe');
  const reason = configuration.coverage
    ? 'pytest-cov was active but made no report.'
    : 'The tests ran without pytest-cov.';
  return notAvailable('coverage.report.duration', reason, 'pytest-probe');
}

function nothingSeen(because: string, end: SuiteEnd | null = null): Collected {
  const note = `Paceline could not look into pytest: ${because}. Counts come from the JUnit report if there is one; times of single tests are unknown.`;
  const reason = `Paceline could not look into pytest: ${because}.`;
  return {
    measurements: [notAvailable('coverage.report.duration', reason, 'pytest-probe')],
    profile: { pytest: null, end, unseen: note, notes: [note] },
  };
}

function secondsBetween(startedAt: string | null, finishedAt: string | null): number | null {
  const [from, to] = [secondsOf(startedAt), secondsOf(finishedAt)];
  return from === null || to === null || to < from ? null : to - from;
}

/** @returns seconds since 1970 */
function secondsOf(stamp: string | null): number | null {
  const seconds = Date.parse(stamp ?? '') / 1000;
  return Number.isFinite(seconds) ? seconds : null;
}
