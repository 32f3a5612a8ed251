/** The effective configuration of a pytest session, from the probe's words to Paceline's. */
import type { PytestConfiguration } from '../../model/profile/pytest-profile.ts';
import { asArray, asNumber, asText, clipped } from './foreign-json.ts';
import type { Run } from './run.ts';

/** Added by Paceline itself: see activities/trial/junit-report.ts. */
const OWN_OPTION = /^--junitxml=\S*paceline\S*$/;

export function configurationOf({ main, workers }: Run): PytestConfiguration {
  const row = main.configuration ?? {};
  const text = (name: string) => clippedOrNull(asText(row[name]));
  const words = (name: string) => asArray(row[name]).flatMap((word) => clippedOrNull(asText(word)) ?? []);
  const environment = (asText(row['environment']) ?? '').split(/\s+/).filter((word) => word !== '');
  const asked = Math.max(0, Math.round(asNumber(row['workers']) ?? 0));
  return {
    python: text('python') ?? '',
    pytest: text('pytest') ?? '',
    plugins: words('plugins'),
    // A worker that crashed is replaced by one of another name, so their number says less than what was asked for.
    workers: asked > 0 ? asked : new Set(workers.map(({ worker }) => worker)).size,
    distribution: asked === 0 && workers.length === 0 ? null : text('dist'),
    coverage: row['coverage'] === true,
    markers: text('marks'),
    keyword: text('keyword'),
    randomOrder: text('order'),
    strictMarkers: row['strict'] === true,
    maxFailures: Math.max(0, Math.round(asNumber(row['maxfail']) ?? 0)),
    addopts: [...words('addopts'), ...environment.map(clipped)].filter((word) => !OWN_OPTION.test(word)),
    file: text('inifile'),
  };
}

function clippedOrNull(text: string | null): string | null {
  return text === null ? null : clipped(text);
}
