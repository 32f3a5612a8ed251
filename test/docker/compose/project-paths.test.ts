import { describe, expect, test } from 'vitest';
import type { ComposeModel } from '../../../src/docker/compose/compose-model.ts';
import { isOutside, leavesTheCopy, mapPaths } from '../../../src/docker/compose/project-paths.ts';

const COPY = '/data/runs/1/source';
const ORIGINAL = '/home/me/shop';

const bind = (source: string) => ({ type: 'bind', source, target: '/x' });
const model = (source: string, context: string): ComposeModel => ({
  services: { test: { build: { context }, volumes: [bind(source)] } },
});

describe('a path of the compose file', () => {
  test.each([
    ['inside the copy stays', './init.sql', `${COPY}/init.sql`, `${COPY}/init.sql`, undefined],
    ['the folder itself stays', '.', COPY, COPY, undefined],
    [
      'next to the project is read from the original place, read-only',
      '../lib',
      '/data/runs/1/lib',
      '/home/me/lib',
      true,
    ],
    ['above the project likewise', '..', '/data/runs/1', '/home/me', true],
    ['an absolute one stays', '/var/cache/pip', '/var/cache/pip', '/var/cache/pip', undefined],
    [
      'an absolute one into the original is turned to the copy',
      `${ORIGINAL}/tests`,
      `${ORIGINAL}/tests`,
      `${COPY}/tests`,
      undefined,
    ],
    ['one in the home folder stays', '~/.aws', '/home/me/.aws', '/home/me/.aws', undefined],
  ])('%s', (_, written, resolved, expected, readOnly) => {
    const mapped = mapPaths(model(resolved, resolved), model(written, written), {
      directory: COPY,
      originalDirectory: ORIGINAL,
    });
    const { build, volumes } = mapped.model.services['test'] ?? {};
    expect(build?.context).toBe(expected);
    expect(volumes?.[0]).toEqual({ ...bind(expected), ...(readOnly === undefined ? {} : { read_only: readOnly }) });
    expect(mapped.notes).toHaveLength(readOnly === true ? 1 : 0);
  });

  test('outside of the copy of a git URL has no original to be looked for in', () => {
    const mapped = mapPaths(model('/data/runs/1/lib', COPY), model('../lib', '.'), { directory: COPY });
    expect(mapped.model.services['test']?.volumes?.[0]?.source).toBe('/data/runs/1/lib');
  });

  test('of a secret or a config is mapped as well', () => {
    const at = (file: string): ComposeModel => ({ services: {}, secrets: { key: { file } } });
    const mapped = mapPaths(at('/data/runs/1/key'), at('../key'), { directory: COPY, originalDirectory: ORIGINAL });
    expect(mapped.model.secrets).toEqual({ key: { file: '/home/me/key' } });
    expect(leavesTheCopy(at('/data/runs/1/key'), COPY)).toBe(true);
    expect(leavesTheCopy(at(`${COPY}/key`), COPY)).toBe(false);
  });

  test.each([
    [COPY, false],
    [`${COPY}/..data`, false],
    ['/data/runs/1/source-2', true],
    ['https://example.org/repo.git', false],
    ['docker-image://alpine', false],
  ])('%s is outside: %s', (path, outside) => {
    expect(isOutside(COPY, path)).toBe(outside);
  });
});
