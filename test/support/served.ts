/** A `paceline up` of its own for the tests of one file: real engine, real server, a folder that is removed at the end. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { RunResult } from '../../src/model/result.ts';
import { localEngine } from './local-engine.ts';
import { type Output, startPaceline } from './paceline.ts';

export interface Served {
  readonly local: Awaited<ReturnType<typeof localEngine>>;
  /** Of everything that the tests write. */
  readonly root: string;
  /** The flags that name the data directory which is served. */
  readonly data: readonly string[];
  /** Stops the server and removes what was made, at the engine as well. */
  readonly close: () => Promise<void>;
}

/**
 * @param what names the engine's objects and the folder
 * @param prepare called before the server starts: builds images, lays out projects
 *   and returns the environment of the worker
 */
export async function serve(
  what: string,
  prepare: (local: Served['local'], root: string) => Promise<NodeJS.ProcessEnv>,
): Promise<Served> {
  const local = await localEngine(what);
  const root = realpathSync(mkdtempSync(join(tmpdir(), `paceline-${what}-`)));
  const data = ['--data-dir', join(root, 'data')];
  const up = startPaceline(['up', ...data], { env: await prepare(local, root) });
  await up.until(/Press Ctrl-C to stop/);
  return {
    local,
    root,
    data,
    close: async () => {
      up.child.kill('SIGTERM');
      await up.output;
      await local.cleanUp();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** @throws Error with what the command said if it printed no JSON */
export function jsonOf({ code, stdout, stderr }: Output): { readonly code: number | null; readonly result: unknown } {
  if (stdout === '') throw new Error(`no result: ${stderr}`);
  return { code, result: JSON.parse(stdout) as unknown };
}

/** As `jsonOf`, of a command that prints the result of a run. */
export function resultOf(output: Output): { readonly code: number | null; readonly result: RunResult } {
  const { code, result } = jsonOf(output);
  return { code, result: result as RunResult };
}

/** Only of this run: others may be using the same engine. */
export async function expectNothingLeft({ engine }: Served['local'], { runId }: RunResult): Promise<void> {
  const left = await engine.listByLabels({ 'paceline.run': runId });
  expect(left).toEqual({ containers: [], networks: [], volumes: [], images: [] });
}
