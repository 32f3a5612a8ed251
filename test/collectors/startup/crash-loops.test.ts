import { expect, test } from 'vitest';
import { createCrashLoops } from '../../../src/collectors/startup/crash-loops.ts';
import type { ContainerFacts, ContainerStatus } from '../../../src/docker/engine/engine.ts';

const look = (services: Readonly<Record<string, readonly [restarts: number, status?: ContainerStatus]>>) =>
  new Map(
    Object.entries(services).map(([service, [restartCount, status = 'running']]) => [
      service,
      [{ id: service, restartCount, state: { status } } as ContainerFacts],
    ]),
  );

test('a service that ends the third time in a row is found', () => {
  const loops = createCrashLoops();
  expect(loops.found(look({ api: [2, 'restarting'] }), [])).toBeNull();
  expect(loops.found(look({ api: [3, 'restarting'] }), [])).toMatchObject({ service: 'api', restarts: 3 });
});

test.each([
  ['while another is on its way', look({ api: [9], db: [0] }), []],
  ['once it is ready', look({ api: [9] }), ['api']],
])('it is not found %s', (_, containers, ready) => {
  const loops = createCrashLoops();
  loops.found(look({ api: [0] }), ready);
  expect(loops.found(containers, ready)).toBeNull();
});

test('another that waits for it to be started does not hold that up', () => {
  expect(createCrashLoops().found(look({ api: [3], web: [0, 'created'] }), [])).toMatchObject({ service: 'api' });
});

test('what ended before the others were ready does not count: it may have waited for them', () => {
  const loops = createCrashLoops();
  loops.found(look({ api: [5], db: [0] }), []);
  expect(loops.found(look({ api: [7], db: [0] }), ['db'])).toBeNull();
  expect(loops.found(look({ api: [9], db: [0] }), ['db'])).toBeNull();
  expect(loops.found(look({ api: [10], db: [0] }), ['db'])).toMatchObject({ service: 'api', restarts: 10 });
});
