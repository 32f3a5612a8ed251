import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// @ts-expect-error plain JavaScript, as all of scripts/
import { build } from '../../scripts/build.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a published copy is: bin and dist, without src. */
describe('a built copy', () => {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'paceline-test-')));
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  beforeAll(() => {
    for (const name of ['package.json', 'node_modules', 'bin']) symlinkSync(join(root, name), join(copy, name));
    if (!build(join(copy, 'dist'))) throw new Error('it could not be built; the messages above tell why');
  }, 60_000);

  it('shows its help', () => {
    const help = execFileSync(process.execPath, [join(copy, 'dist/cli/main.js'), '--help'], { encoding: 'utf8' });
    expect(help).toContain('paceline run');
  });

  it('contains all files that are not TypeScript', () => {
    const data = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.ts'))
      .map((entry) => join(entry.parentPath, entry.name).slice(join(root, 'src').length));
    const [ofAudits, shipped] = [true, false].map((is) =>
      data.filter((path) => path.startsWith('/analysis/audits/') === is),
    );
    expect(shipped).toContain('/collectors/service-probe/probe.py');
    expect(shipped!.filter((path) => !existsSync(join(copy, 'dist', path)))).toEqual([]);
    // The pages of the audits and the facts of their tests stay in the repository.
    expect(ofAudits!.length).toBeGreaterThan(0);
    expect(ofAudits!.filter((path) => existsSync(join(copy, 'dist', path)))).toEqual([]);
    expect(existsSync(join(copy, 'dist/analysis/audits/memory-limit/audit.js'))).toBe(true);
  });

  it('has workflows that the worker can bundle', async () => {
    const { code } = await bundleWorkflowCode({
      workflowsPath: join(copy, 'dist/workflows/index.js'),
      logger: new DefaultLogger('ERROR'),
    });
    expect(code).toContain('benchmark');
  }, 60_000);
});
