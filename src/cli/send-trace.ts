/** Sends a trace by OTLP over HTTP: https://opentelemetry.io/docs/specs/otel/protocol/exporter/. */
import { wrongUsage } from '../model/failure.ts';
import type { TracesRequest } from '../report/formats/trace-otlp.ts';

const TIMEOUT_MS = 30_000;

/** Where traces go by OpenTelemetry's variables. The one for traces is taken as it is. @throws PacelineError WrongUsage if none is set */
export function tracesEndpoint(env: NodeJS.ProcessEnv): string {
  const own = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];
  const base = env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  const url = own || (base ? `${base.replace(/\/+$/, '')}/v1/traces` : null);
  if (url !== null && URL.canParse(url) && /^https?:/.test(url)) return url;
  throw wrongUsage(
    url === null ? 'No OpenTelemetry endpoint is set.' : `The OpenTelemetry endpoint ${url} is not an HTTP address.`,
    'Set OTEL_EXPORTER_OTLP_ENDPOINT, for example to http://localhost:4318.',
  );
}

/** `name=value,name=value`, percent-encoded. */
function headersOf(env: NodeJS.ProcessEnv): Record<string, string> {
  const text = env['OTEL_EXPORTER_OTLP_TRACES_HEADERS'] ?? env['OTEL_EXPORTER_OTLP_HEADERS'] ?? '';
  const pairs = text.split(',').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at <= 0 ? [] : [[pair.slice(0, at).trim(), decoded(pair.slice(at + 1).trim())] as const];
  });
  return Object.fromEntries(pairs);
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** @returns where it went @throws PacelineError WrongUsage if the receiver does not take it, or not all of it */
export async function sendTrace(trace: TracesRequest, env: NodeJS.ProcessEnv): Promise<string> {
  const url = tracesEndpoint(env);
  const refused = (why: string) =>
    wrongUsage(`The OpenTelemetry endpoint ${url} did not take the trace: ${why}.`, 'Check the endpoint and its log.');
  const answer = await fetch(url, {
    method: 'POST',
    headers: { ...headersOf(env), 'content-type': 'application/json' },
    body: JSON.stringify(trace),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    const { cause, message } = error as Error;
    throw refused(cause instanceof Error && cause.message !== '' ? cause.message : message);
  });
  const text = await answer.text();
  if (!answer.ok) throw refused(`it answered ${answer.status} ${text.slice(0, 200)}`.trim());
  const rejected = rejectedSpans(text);
  if (rejected !== null) throw refused(rejected);
  return url;
}

/** A receiver may answer 200 and refuse a part. */
function rejectedSpans(text: string): string | null {
  try {
    const { partialSuccess } = JSON.parse(text) as {
      readonly partialSuccess?: { readonly rejectedSpans?: string | number; readonly errorMessage?: string };
    };
    const count = Number(partialSuccess?.rejectedSpans ?? 0);
    return count > 0 ? `it rejected ${count} spans ${partialSuccess?.errorMessage ?? ''}`.trim() : null;
  } catch {
    return null;
  }
}
