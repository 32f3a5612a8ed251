import { createServer, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { spansOf } from '../../src/analysis/spans/spans-of.ts';
import { sendTrace, tracesEndpoint } from '../../src/cli/send-trace.ts';
import { otlpTrace } from '../../src/report/formats/trace-otlp.ts';
import { factsOf } from '../analysis/facts.ts';

const facts = factsOf();
const trace = otlpTrace(spansOf(facts), facts);

interface Received {
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** A receiver that gives one answer to all. */
async function receiver(status: number, answer: string) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ path: request.url, headers: request.headers, body: JSON.parse(body) });
      response.writeHead(status, { 'content-type': 'application/json' }).end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

describe('a trace that is sent', () => {
  test('arrives at /v1/traces as JSON, with the headers that are set', async () => {
    const { url, received } = await receiver(200, '{}');
    const headers = 'api-key=s%20ecret, x-team = shop';
    await sendTrace(trace, { OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/`, OTEL_EXPORTER_OTLP_HEADERS: headers });
    expect(received).toMatchObject([
      {
        path: '/v1/traces',
        headers: { 'content-type': 'application/json', 'api-key': 's ecret', 'x-team': 'shop' },
        body: JSON.parse(JSON.stringify(trace)),
      },
    ]);
  });

  test('goes to the endpoint for traces, if that is set, as it is', async () => {
    const { url, received } = await receiver(200, '');
    const env = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${url}/own`, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://other' };
    expect(await sendTrace(trace, env)).toBe(`${url}/own`);
    expect(received.map(({ path }) => path)).toEqual(['/own']);
  });

  test.each([
    ['refused', 503, 'too busy', 'it answered 503 too busy'],
    [
      'taken in part',
      200,
      '{"partialSuccess":{"rejectedSpans":"3","errorMessage":"too old"}}',
      'it rejected 3 spans too old',
    ],
  ])('and is %s is a problem with the reason', async (_, status, answer, reason) => {
    const { url } = await receiver(status, answer);
    await expect(sendTrace(trace, { OTEL_EXPORTER_OTLP_ENDPOINT: url })).rejects.toMatchObject({
      problem: { what: `The OpenTelemetry endpoint ${url}/v1/traces did not take the trace: ${reason}.` },
    });
  });

  test('to nobody is a problem', async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' };
    await expect(sendTrace(trace, env)).rejects.toMatchObject({
      problem: { what: expect.stringContaining('did not take the trace') },
    });
  });

  test.each([
    ['no endpoint', {}, 'No OpenTelemetry endpoint is set.'],
    [
      'an endpoint for gRPC',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4317' },
      'The OpenTelemetry endpoint localhost:4317/v1/traces is not an HTTP address.',
    ],
  ])('needs an HTTP address: %s is refused', (_, env, what) => {
    expect(() => tracesEndpoint(env)).toThrow(what);
  });
});
