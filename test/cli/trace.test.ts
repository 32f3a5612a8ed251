import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/store/store.ts';
import { STARTUP } from '../analysis/facts.ts';
import { keyOf, NEW_RUN, recordOf, RUN } from '../store/samples.ts';
import { pacelineHere } from '../support/paceline.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A data directory with one run. */
async function stored(): Promise<string> {
  const dataDirectory = temporaryFolder();
  const store = await openStore({ dataDirectory });
  await store.openRun(NEW_RUN);
  await store.saveStartup(RUN, STARTUP, []);
  await store.commitTrial(keyOf(), recordOf(), []);
  await store.close();
  return dataDirectory;
}

const say = async (dataDirectory: string, args: readonly string[], env: Record<string, string> = {}) =>
  await pacelineHere(['trace', ...args, '--data-dir', dataDirectory], { env, cwd: dataDirectory });

test('trace prints the run as OTLP, and writes it for Perfetto', async () => {
  const data = await stored();
  const printed = await say(data, [RUN.runId]);
  expect(JSON.parse(printed.stdout)).toMatchObject({
    resourceSpans: [{ scopeSpans: [{ scope: { name: 'paceline' } }] }],
  });
  const file = join(data, 'trace.json');
  expect(await say(data, ['--format', 'chrome', '--output', file])).toMatchObject({ code: 0, stdout: '' });
  const { traceEvents } = JSON.parse(readFileSync(file, 'utf8')) as { traceEvents: { ph: string; name: string }[] };
  expect(traceEvents.map(({ name }) => name)).toContain('start-up');
});

test('trace --send posts what it would print', async () => {
  const data = await stored();
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      bodies.push(body);
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { code, stdout } = await say(data, ['--send'], { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
  expect([code, stdout]).toEqual([0, '']);
  expect(bodies).toEqual([(await say(data, [])).stdout.trim()]);
});

test.each([
  ['--send without an endpoint', ['--send'], 'No OpenTelemetry endpoint is set.'],
  ['--send of a Chrome trace', ['--send', '--format', 'chrome'], '--send sends OTLP.'],
  ['an unknown run', ['nothing'], 'begins with `nothing`'],
  ['a file in a folder that does not exist', ['--output', '/nowhere/trace.json'], 'cannot be written (ENOENT)'],
])('trace refuses %s with a sentence', async (_, args, what) => {
  const env = args.includes('chrome') ? { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' } : {};
  const { code, stderr } = await say(await stored(), args, env);
  expect([code, stderr]).toEqual([2, expect.stringContaining(what)]);
});
