/** What every audit has: a folder with its page and two files of facts. What each one says is in run-audits.test.ts. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { AUDITS_INDEX, auditsIndex } from '../../../scripts/audits-index.ts';
import { AUDITS } from '../../../src/analysis/audits/run-audits.ts';
import { parseFactsFile, resultOfFacts } from '../../../src/analysis/facts-file.ts';
import type { RunFacts } from '../../../src/model/run.ts';
import type { RunResult } from '../../../src/model/result.ts';

const run = promisify(execFile);
const ROOT = new URL('../../../', import.meta.url);
const FOLDER = new URL('src/analysis/audits/', ROOT);
const HEADINGS = ['## What it sees', '## Why it matters', '## How to fix it', '## When to ignore it'];

function resultOf(id: string, file: string): RunResult {
  const url = new URL(`${id}/${file}`, FOLDER);
  return resultOfFacts(parseFactsFile(readFileSync(url, 'utf8'), file), file);
}

function outcomeOf({ checks = [] }: RunResult, id: string): string | undefined {
  return checks.find((check) => check.id === id)?.outcome;
}

describe.each(AUDITS)('$id', ({ id, title, ok, requires }) => {
  test('is named like its folder, in lower case with dashes', () => {
    expect(existsSync(new URL(`${id}/audit.ts`, FOLDER))).toBe(true);
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  test('has a title without a full stop, a sentence for "ok", and the facts that it needs', () => {
    expect(title).toMatch(/^\S.*[^.]$/);
    expect(ok).toMatch(/^\S.*\.$/);
    expect(requires.length).toBeGreaterThan(0);
  });

  test('has a page with its title and the four headings', () => {
    const page = readFileSync(new URL(`${id}/README.md`, FOLDER), 'utf8');
    expect(page.split('\n')[0]).toBe(`# ${title}`);
    expect(page.match(/^## .*$/gm)).toEqual(HEADINGS);
  });

  test('alone fires on fires.json', () => {
    const result = resultOf(id, 'fires.json');
    expect([...new Set(result.advice.map((advice) => advice.id))]).toEqual([id]);
    expect(outcomeOf(result, id)).toBe('found');
  });

  test('is made on near-miss.json, and finds nothing', () => {
    const result = resultOf(id, 'near-miss.json');
    expect(result.advice.map((advice) => advice.id)).not.toContain(id);
    expect(outcomeOf(result, id)).toBe('ok');
  });

  test('is not applicable where the first fact that it needs is absent', () => {
    const { facts, compared, factsVersion } = parseFactsFile(
      readFileSync(new URL(`${id}/fires.json`, FOLDER), 'utf8'),
      'fires.json',
    );
    const without = { ...facts, trials: [], startup: null, builds: [], projectFiles: null };
    const result = resultOfFacts({ factsVersion, facts: without, compared }, 'fires.json');
    expect(outcomeOf(result, id)).toBe('notApplicable');
  });
});

function definitionsIn({ trials }: RunFacts) {
  return trials.flatMap(({ profile }) => profile?.pytest?.fixtures ?? []).flatMap(({ definition }) => definition ?? []);
}

describe('a patch that an audit gives', () => {
  const given = AUDITS.flatMap(({ id }) =>
    resultOf(id, 'fires.json').advice.flatMap(({ remedy }) =>
      remedy?.kind === 'patch' ? [{ id, patch: remedy.patch }] : [],
    ),
  );

  test.each(given)('$id: git takes it on the files of fires.json', async ({ id, patch }) => {
    const { facts } = parseFactsFile(readFileSync(new URL(`${id}/fires.json`, FOLDER), 'utf8'), 'fires.json');
    const folder = await mkdtemp(join(tmpdir(), 'paceline-audit-'));
    try {
      for (const { file, lines } of facts.projectFiles?.texts ?? []) {
        await writeFile(join(folder, file), `${lines.join('\n')}\n`);
      }
      // Of a fixture's file only the definition is known: anything may stand around it.
      for (const definition of definitionsIn(facts)) {
        const above = Array.from({ length: definition.line - 1 }, (_, at) => `# line ${at + 1}`);
        await mkdir(dirname(join(folder, definition.file)), { recursive: true });
        await writeFile(join(folder, definition.file), [...above, ...definition.lines, '    return {}', ''].join('\n'));
      }
      await writeFile(join(folder, 'fix.patch'), patch);
      await run('git', ['init', '-q'], { cwd: folder });
      await expect(run('git', ['apply', 'fix.patch'], { cwd: folder })).resolves.toMatchObject({ stderr: '' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

test('every folder is in the list, once', () => {
  const folders = readdirSync(FOLDER, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() && entry.name !== 'support' ? [entry.name] : [],
  );
  expect(AUDITS.map(({ id }) => id).sort()).toEqual(folders.sort());
});

test('docs/audits.md is up to date; `npm run schemas` writes it', () => {
  expect(readFileSync(new URL(AUDITS_INDEX, ROOT), 'utf8')).toBe(auditsIndex());
});
