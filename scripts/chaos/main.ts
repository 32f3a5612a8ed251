/**
 * Kills parts in the middle of runs, and checks that nothing was lost, left behind or counted twice:
 *
 *     npm run chaos -- [--seed S] [--points N] [--point K] [--only FAULT] [--worlds W] [--engine-restart] [--default-scenarios]
 *
 * Real engine, real server, real worker, each as its own process. `--point` plays one point of the seed again, `--only` those
 * of one fault. Worlds are data directories with a server and a worker each. They use the same engine at the same time. If the
 * engine may be restarted, there is only one world, because a restart hits them all. After Ctrl-C no new points start.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createEngine } from '../../src/docker/engine/dockerode-engine.ts';
import { resolveEndpoint } from '../../src/docker/command/endpoint.ts';
import { setUpHints } from '../../src/set-up-hints.ts';
import { makeBaseImage } from './base-image.ts';
import { type PlayedPoint, playPoint, playUndisturbed } from './play.ts';
import { drawPoints, type Point } from './points.ts';
import { rowOf, summaryOf, TITLE } from './table.ts';
import { openWorld } from './world.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    points: { type: 'string', default: '50' },
    point: { type: 'string' },
    only: { type: 'string' },
    worlds: { type: 'string' },
    'engine-restart': { type: 'boolean', default: false },
    'default-scenarios': { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const count = Math.max(Number(values.points), Number(values.point ?? 0));
const defaultScenarios = values['default-scenarios'];
const drawn = drawPoints(seed, count, { engineRestart: values['engine-restart'], defaultScenarios });
const points = drawn.filter(
  ({ number, fault }) =>
    (values.point === undefined || number === Number(values.point)) &&
    (values.only === undefined || fault === values.only),
);

const hints = setUpHints(process.env);
const endpoint = await resolveEndpoint({
  env: process.env,
  ...(hints.docker === null ? {} : { dockerBinary: hints.docker }),
});
const engine = createEngine(endpoint);
const base = await makeBaseImage(endpoint);
const root = realpathSync(mkdtempSync(join(tmpdir(), 'paceline-chaos-')));
console.log(`seed ${seed}, ${points.length} points`);
console.log(TITLE);
const played: PlayedPoint[] = [];
const queue = [...points];
// Points that have started are played to their end, so that nothing is left behind.
process.once('SIGINT', () => queue.splice(0));
const worlds = Math.min(Number(values.worlds ?? (values['engine-restart'] ? 1 : 2)), points.length);
try {
  // Each world continues even if others fail: it has to stop what it started.
  const ends = Array.from({ length: worlds }, (_, index) => playIn(join(root, `world-${index + 1}`)));
  const [broken] = (await Promise.allSettled(ends)).filter((end) => end.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
} finally {
  await base.remove();
}
console.log(summaryOf(played));
const failed = played.filter(({ wrong }) => wrong.length > 0);
for (const { point } of failed)
  console.log(
    `again: npm run chaos -- --seed ${seed} --points ${count} --point ${point.number}${defaultScenarios ? ' --default-scenarios' : ''}`,
  );
if (failed.length === 0) rmSync(root, { recursive: true, force: true });
else console.log(`the worlds are kept in ${root}`);
// Connections to killed servers are not closed: a call may still be retried.
process.exit(failed.length === 0 ? 0 : 1);

async function playIn(folder: string): Promise<void> {
  const world = await openWorld({ engine, endpoint, folder, baseImage: base.name, defaultScenarios });
  try {
    const undisturbed = await playUndisturbed(world);
    console.log(`     undisturbed: ${undisturbed.seconds.toFixed(1)} s`);
    for (let point: Point | undefined = queue.shift(); point !== undefined; point = queue.shift()) {
      const result = await playPoint(world, point, undisturbed);
      played.push(result);
      console.log(rowOf(result));
    }
  } finally {
    await world.close();
  }
}
