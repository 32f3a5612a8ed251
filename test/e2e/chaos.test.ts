/**
 * A handful of the points that `npm run chaos` draws, in two data directories that use one engine at the same time. What a
 * point means and what is looked at stands in scripts/chaos.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeBaseImage } from '../../scripts/chaos/base-image.ts';
import { type PlayedPoint, playPoint, playUndisturbed } from '../../scripts/chaos/play.ts';
import { describePoint, drawPoints, type Point } from '../../scripts/chaos/points.ts';
import { openWorld } from '../../scripts/chaos/world.ts';
import { localEngine } from '../support/local-engine.ts';

const POINT = { number: 0, delayMs: 0, awayMs: 1_000, second: null } as const;

/** What no other test does to a run. */
const POINTS: readonly (readonly Omit<Point, 'number'>[])[] = [
  [
    { ...POINT, moment: { kind: 'file', path: 'commands/build-cold-*/pid' }, delayMs: 300, fault: 'clientKilled' },
    { ...POINT, moment: { kind: 'rows', table: 'trial', count: 1 }, fault: 'serverKilled' },
  ],
  [
    { ...POINT, moment: { kind: 'file', path: 'commands/up-*/pid' }, fault: 'clientKilled' },
    { ...POINT, moment: { kind: 'phase', activity: 'runTrial', phase: 'testing' }, fault: 'activityPaused' },
    { ...POINT, moment: { kind: 'event', action: 'start', of: 'tests' }, delayMs: 500, fault: 'testsKilled' },
  ],
];

let local: Awaited<ReturnType<typeof localEngine>>;
let base: Awaited<ReturnType<typeof makeBaseImage>>;
let root: string;

beforeAll(async () => {
  local = await localEngine('chaos');
  base = await makeBaseImage(local.endpoint);
  root = realpathSync(mkdtempSync(join(tmpdir(), 'paceline-chaos-')));
});
afterAll(async () => {
  await base.remove();
  rmSync(root, { recursive: true, force: true, maxRetries: 3 });
});

async function play(world: number, points: readonly Omit<Point, 'number'>[]): Promise<PlayedPoint[]> {
  const { engine, endpoint } = local;
  const folder = join(root, `world-${world}`);
  const opened = await openWorld({ engine, endpoint, folder, baseImage: base.name });
  try {
    const undisturbed = await playUndisturbed(opened);
    const played: PlayedPoint[] = [];
    for (const [index, point] of points.entries()) {
      played.push(await playPoint(opened, { ...point, number: index + 1 }, undisturbed));
    }
    return played;
  } finally {
    await opened.close();
  }
}

test('nothing is lost, left behind or counted twice, whatever is killed', async () => {
  const played = (await Promise.all(POINTS.map((points, index) => play(index + 1, points)))).flat();
  const told = played.map(({ point, hit, wrong }) => ({ point: describePoint(point), hit, wrong }));
  expect(told).toEqual(
    POINTS.flat().map((point) => ({ point: describePoint({ ...point, number: 1 }), hit: true, wrong: [] })),
  );
});

test('a seed draws the same points every time, all faults among them, and another seed others', () => {
  const draw = (seed: number) => drawPoints(seed, 50, { engineRestart: false });
  expect(draw(7)).toEqual(draw(7));
  expect(draw(8)).not.toEqual(draw(7));
  expect(new Set(draw(7).map(({ fault }) => fault)).size).toBe(11);
});
