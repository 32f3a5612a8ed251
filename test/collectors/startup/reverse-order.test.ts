import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { inReverseOrder } from '../../../src/collectors/startup/reverse-order.ts';

/** Each service may depend on those before it. */
const graphs = fc
  .array(fc.array(fc.nat(20), { maxLength: 4 }), { minLength: 1, maxLength: 8 })
  .map((wanted) => wanted.map((others, index) => others.filter((other) => other < index)));

test('each service comes once, and after all that depend on it', async () => {
  await fc.assert(
    fc.asyncProperty(graphs, async (graph) => {
      const services = Object.fromEntries(
        graph.map((others, index) => [
          `s${index}`,
          { depends_on: Object.fromEntries(others.map((other) => [`s${other}`, { condition: 'service_started' }])) },
        ]),
      );
      const ended: string[] = [];
      await inReverseOrder(Object.keys(services), { services }, async (service) => {
        await Promise.resolve();
        ended.push(service);
      });
      expect(ended.toSorted()).toEqual(Object.keys(services).toSorted());
      for (const [index, others] of graph.entries()) {
        for (const other of others) expect(ended.indexOf(`s${other}`)).toBeGreaterThan(ended.indexOf(`s${index}`));
      }
    }),
  );
});

test('services that do not need each other are stopped at the same time', async () => {
  let atOnce = 0;
  const { promise: both, resolve } = Promise.withResolvers<void>();
  await inReverseOrder(['a', 'b'], { services: { a: {}, b: {} } }, async () => {
    atOnce += 1;
    if (atOnce === 2) resolve();
    await both;
  });
  expect(atOnce).toBe(2);
});
