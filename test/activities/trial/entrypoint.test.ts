import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StreamedFile } from '../../../src/docker/engine/streams.ts';
import { describe, expect, test } from 'vitest';
import type { ActivityDeps } from '../../../src/activities/support/deps.ts';
import { argumentsOf, behindEntrypoint, refusedByScript } from '../../../src/activities/trial/entrypoint.ts';
import type { Trial } from '../../../src/activities/trial/trial.ts';
import type { ContainerFacts } from '../../../src/docker/engine/engine.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A file as the engine gives it out of a container. */
function streamed(text: string): StreamedFile {
  const bytes = Buffer.from(text);
  const chunks = (async function* () {
    yield bytes;
  })();
  return { bytes: bytes.length, chunks, close: async () => {} };
}

const COMMAND = ['python', '-m', 'pytest', '-v', '-k', 'quick'];

interface Case {
  readonly entrypoint: readonly string[];
  readonly command?: readonly string[] | null;
  readonly files?: Readonly<Record<string, string>>;
  /** The probe's lines. */
  readonly probe?: readonly object[];
  readonly workingDirectory?: string;
}

function caseOf({ entrypoint, command = COMMAND, files = {}, probe = [], workingDirectory = '/app' }: Case) {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'results', 'pytest'), { recursive: true });
  const lines = probe.map((line) => `${JSON.stringify(line)}\n`).join('');
  if (lines !== '') writeFileSync(join(folder, 'results', 'pytest', '1.jsonl'), lines);
  const deps = {
    endpoint: { local: true },
    engine: {
      inspectImage: async () => ({ entrypoint, workingDirectory }),
      copyOut: async (_: string, path: string) => (files[path] === undefined ? null : streamed(files[path])),
    },
  } as unknown as ActivityDeps;
  const trial = {
    name: 'trial',
    folder,
    scenario: { name: 'Tests', command },
    workspace: { tags: { test: 'image' }, project: { service: 'test', model: { services: { test: {} } } } },
  } as unknown as Trial;
  return { deps, trial };
}

const CONTAINER = { env: ['PATH=/usr/bin:/usr/local/bin'] } as unknown as ContainerFacts;

describe('a script that is the ENTRYPOINT', () => {
  const refused = async (given: Case) => {
    const { deps, trial } = caseOf(given);
    return refusedByScript(deps, trial, CONTAINER, await argumentsOf(deps, trial));
  };

  test('and takes no arguments is reported before Paceline waits for it, with a way to fix it', async () => {
    const files = { '/entrypoint.sh': '#!/bin/sh\nset -e\n# exec "$@"\npytest -v\n' };
    expect(await refused({ entrypoint: ['tini', '--', '/entrypoint.sh'], files })).toEqual({
      type: 'WrongUsage',
      what: 'The ENTRYPOINT `tini -- /entrypoint.sh` takes no arguments, so it never runs the command of `Tests`.',
      next: 'End the script with `exec "$@"`, or set `entrypoint: []` for `test` in the compose file; a scenario without `command` measures what the ENTRYPOINT runs.',
      detail: files['/entrypoint.sh'],
    });
  });

  test.each<[string, string[], Record<string, string>]>([
    ['by its name on the PATH', ['run.sh'], { '/usr/local/bin/run.sh': '#!/bin/sh\npytest\n' }],
    ['relative to its folder', ['./run'], { '/app/run': '#!/usr/bin/env bash\npytest\n' }],
    ['without a first line, read by a shell', ['bash', '-e', 'run'], { '/app/run': 'pytest\n' }],
  ])('is found %s', async (_, entrypoint, files) => {
    expect(await refused({ entrypoint, files })).toMatchObject({ type: 'WrongUsage' });
  });

  test.each<[string, string[], Record<string, string>]>([
    ['executes them', ['/e.sh'], { '/e.sh': '#!/bin/sh\nexec "$@"\n' }],
    ['may execute them', ['/e.sh'], { '/e.sh': '#!/bin/sh\n. /lib.sh\nmain\n' }],
    ['is not a shell script', ['/e.py'], { '/e.py': '#!/usr/bin/python3\nprint(1)\n' }],
    ['is not there', ['/e.sh'], {}],
  ])('is not refused where it %s', async (_, entrypoint, files) => {
    expect(await refused({ entrypoint, files })).toBeNull();
  });
});

describe('where the words do not tell, the tests do', () => {
  const session = (...args: string[]) => [{ k: 'start' }, { args, k: 'session' }];
  const green = { passed: 2, failed: 0, skipped: 0, errors: 0 };
  const after = (given: Case, outcome: 'passed' | 'testsFailed' | 'timedOut', counts: typeof green | null) => {
    const { deps, trial } = caseOf(given);
    return behindEntrypoint(deps, trial, { outcome, reason: outcome === 'passed' ? null : 'Red.', hint: null }, counts);
  };
  const IGNORED = 'The ENTRYPOINT `/e.sh` seems to ignore the command of the scenario:';

  test('pytest with other arguments is never a pass', async () => {
    const given = { entrypoint: ['/e.sh'], probe: session('-v') };
    const reason = `${IGNORED} pytest ran with \`-v\`, not with \`-v -k quick\`.`;
    expect(await after(given, 'passed', green)).toMatchObject({ outcome: 'testsBroken', reason });
    expect(await after(given, 'testsFailed', green)).toMatchObject({
      outcome: 'testsFailed',
      reason: `Red. ${reason}`,
    });
  });

  test('no pytest is never a pass, and is said of a suite that did not end', async () => {
    const reason = `${IGNORED} no pytest was found.`;
    expect(await after({ entrypoint: ['/e.sh'] }, 'passed', null)).toMatchObject({ outcome: 'testsBroken', reason });
    expect(await after({ entrypoint: ['/e.sh'] }, 'timedOut', null)).toMatchObject({
      outcome: 'timedOut',
      reason: `Red. ${reason}`,
    });
  });

  test.each<[string, Case, typeof green | null]>([
    ['the same arguments', { entrypoint: ['/e.sh'], probe: session('-v', '-k', 'quick') }, green],
    ['more arguments', { entrypoint: ['/e.sh'], probe: session('-x', '-v', '-k', 'quick', '--cov') }, green],
    [
      'another pytest before it',
      { entrypoint: ['/e.sh'], probe: [...session('smoke'), ...session('-v', '-k', 'quick')] },
      green,
    ],
    ['counts alone', { entrypoint: ['/e.sh'] }, green],
    ['a report of its own', { entrypoint: ['/e.sh'], command: ['pytest', '--junitxml=a.xml'] }, null],
    ['its version', { entrypoint: ['/e.sh'], command: ['pytest', '--version'] }, null],
    ['another program', { entrypoint: ['/e.sh'], command: ['make', 'check'] }, null],
    ['an ENTRYPOINT that is known to run it', { entrypoint: ['sh', '-c', 'exec "$@"', '--'] }, null],
    ["the service's own command", { entrypoint: ['/e.sh'], command: null }, null],
  ])('nothing is said of %s', async (_, given, counts) => {
    expect(await after(given, 'passed', counts)).toMatchObject({ outcome: 'passed', reason: null });
  });
});
