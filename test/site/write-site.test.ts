import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { analyze } from '../../src/analysis/analyze.ts';
import { seriesOf } from '../../src/analysis/regression/series.ts';
import type { RunFacts } from '../../src/model/run.ts';
import { createSite } from '../../src/site/site.ts';
import { type WriteOptions, writeSite } from '../../src/site/write/write-site.ts';
import { openStore, type Store } from '../../src/store/store.ts';

const recorded = JSON.parse(readFileSync(new URL('../fixtures/facts/shop.json', import.meta.url), 'utf8')) as RunFacts;
const HOSTILE = '"><img src=x onerror=alert(1)>';

let root: string;
let folder: string;
let store: Store;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'paceline-site-'));
  folder = join(root, 'site');
  store = await openStore({ dataDirectory: root });
});

afterEach(async () => {
  await store.close();
  rmSync(root, { recursive: true, force: true });
});

async function addRun(index: number, project = 'shop', branch = 'main'): Promise<string> {
  const startedAt = new Date(Date.UTC(2026, 0, 1) + index * 3_600_000).toISOString();
  const run = { runId: `run-${String(index).padStart(4, '0')}`, workflowId: `bench-${index}` };
  const facts: RunFacts = { ...recorded, run, startedAt, project };
  const commit = index.toString(16).padStart(40, '0');
  await store.openRun({ run, instance: 'test', source: { path: '/shop' }, startedAt });
  await store.setSource(run, { origin: '/shop', directory: '/shop', commit, branch, dirty: false });
  await store.setPlan(run, { plan: recorded.plan!, service: 'tests', project, standIns: [] });
  await store.savePoints(run, seriesOf(facts));
  const result = analyze(facts, null);
  await store.finishRun(run, { result, verdict: result.verdict, finishedAt: startedAt });
  return run.runId;
}

function write(more: Partial<WriteOptions> = {}) {
  return writeSite(store, {
    folder,
    dataDirectory: root,
    projects: null,
    reports: 2,
    version: '1',
    baseUrl: null,
    ...more,
  });
}

function read(file: string): string {
  return readFileSync(join(folder, file), 'utf8');
}

/** Every link of every page that stays in the site. */
function brokenLinks(): string[] {
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.html'));
  return pages.flatMap((page) =>
    [...read(page).matchAll(/(?:href|src)="([^"#]+)"/g)]
      .map(([, href]) => href!)
      .filter((href) => !/^(?:data:|https?:)/.test(href))
      .filter((href) => !existsSync(join(folder, page, '..', decodeURIComponent(href))))
      .map((href) => `${page} links to ${href}`),
  );
}

describe('a static site', () => {
  test('has every page that a page links to', async () => {
    for (let index = 0; index < 8; index += 1) await addRun(index, index % 2 === 0 ? 'shop' : HOSTILE, HOSTILE);
    await write();
    expect(brokenLinks()).toEqual([]);
    expect(read('index.html')).not.toContain('<img');
  });

  test('has the whole report of the newest runs, and says of others how to get it', async () => {
    for (let index = 0; index < 4; index += 1) await addRun(index);
    await write();
    expect(read('runs/run-0003/index.html')).toContain('id="phases"');
    expect(read('runs/run-0000/index.html')).not.toContain('id="phases"');
    expect(read('runs/run-0000/index.html')).toContain('paceline report run-0000');
  });

  test('is left alone where nothing is new, and gets one more run without writing the others', async () => {
    for (let index = 0; index < 4; index += 1) await addRun(index);
    const first = await write();
    expect(await write()).toEqual({ written: 0, kept: first.written, removed: 0 });
    const untouched = read('runs/run-0000/index.html');
    writeFileSync(join(folder, 'runs/run-0000/index.html'), 'not written again');
    await addRun(4);
    await write();
    expect(read('runs/run-0000/index.html')).toBe('not written again');
    expect(untouched).toContain('run-0000');
    expect(read('projects/shop/index.html')).toContain('run-0004');
  });

  test('loses the pages of deleted runs and nothing else', async () => {
    for (let index = 0; index < 3; index += 1) await addRun(index);
    await write();
    writeFileSync(join(folder, 'CNAME'), 'example.org');
    mkdirSync(join(folder, 'runs/mine'));
    writeFileSync(join(folder, 'runs/mine/notes.txt'), 'mine');
    await store.deleteRun('run-0000');
    await write();
    expect(existsSync(join(folder, 'runs/run-0000'))).toBe(false);
    expect(read('runs/mine/notes.txt')).toBe('mine');
    expect(read('CNAME')).toBe('example.org');
    expect(brokenLinks()).toEqual([]);
  });

  test('writes again what was removed, or was not known to be whole', async () => {
    await addRun(0);
    await write();
    const whole = read('index.html');
    rmSync(join(folder, 'index.html'));
    const manifest = JSON.parse(read('paceline-site.json')) as { files: Record<string, string> };
    manifest.files['runs/run-0000/index.html'] = '';
    writeFileSync(join(folder, 'paceline-site.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, 'runs/run-0000/index.html'), '<p>half');
    expect((await write()).written).toBe(2);
    expect(read('index.html')).toBe(whole);
    expect(read('runs/run-0000/index.html')).toContain('</html>');
  });

  test.each([
    ['a folder with files of others', () => writeFileSync(join(folder, 'thesis.txt'), 'mine')],
    [
      'a manifest that leads out of it',
      () => writeFileSync(join(folder, 'paceline-site.json'), '{"manifestVersion":1,"files":{"../store.sqlite":""}}'),
    ],
    ['a manifest that is not JSON', () => writeFileSync(join(folder, 'paceline-site.json'), 'x')],
  ])('refuses %s', async (_, prepare) => {
    mkdirSync(folder);
    prepare();
    await expect(write()).rejects.toMatchObject({ problem: { type: 'WrongUsage' } });
    expect(readdirSync(folder)).toHaveLength(1);
  });

  test('has the same pages as the live one', async () => {
    for (let index = 0; index < 3; index += 1) await addRun(index);
    await write();
    const site = createSite(store, { dataDirectory: root });
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('index.html'),
    );
    for (const file of files) {
      const path = `/${file.slice(0, -'index.html'.length)}`;
      expect((await site.page(path))?.title, path).toBeDefined();
    }
    for (const path of [
      '/nothing/',
      '/runs/none/',
      '/projects/none/',
      '/projects/shop/figures/none/',
      '/projects/shop/runs/page/9/',
      '/projects/shop/runs/verdict/none/',
      '/comparisons/none/',
    ])
      expect(await site.page(path), path).toBeNull();
  });
});
