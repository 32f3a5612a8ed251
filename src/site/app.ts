/** What the server answers: the pages of a site, running benchmarks, their style and script, and whether all is well. It changes nothing. */
import { type Context, Hono } from 'hono';
import { etag } from 'hono/etag';
import { streamSSE } from 'hono/streaming';
import { link } from '../report/blocks.ts';
import { ASSETS } from '../report/formats/html/assets.ts';
import { policy, renderMain, renderPage } from '../report/formats/html/page.ts';
import type { RunNow } from '../report/live/run-now.ts';
import type { Page } from '../report/page.ts';
import { runNowPage } from '../report/pages/run-now.ts';
import { hostNames } from './host-names.ts';
import type { LiveRuns, WorkflowRun } from './live-runs.ts';
import { failedPage, notFoundPage, unknownWorkflowPage, wrongNamePage } from './notice-pages.ts';

export interface StoredRun extends WorkflowRun {
  readonly isFinished: boolean;
}

export interface SiteParts {
  /** The page at a path, which begins and ends with a slash. null if there is none. */
  readonly page: (path: string) => Promise<Page | null>;
  /** A run of the store. null if it is unknown. */
  readonly run: (runId: string) => Promise<StoredRun | null>;
  /** The run of a workflow that compares. null if it is unknown. */
  readonly comparison: (runId: string) => Promise<WorkflowRun | null>;
  readonly live: LiveRuns;
  /** Rejects if the part cannot be used, by its name. */
  readonly checks: Readonly<Record<string, () => Promise<unknown>>>;
  /** Further names of this machine: its addresses always count. */
  readonly names: readonly string[];
  /** Aborted when the server ends: streams end then. */
  readonly stop: AbortSignal;
  /** Called with each error for which a browser gets status 500. */
  readonly onError: (error: unknown) => void;
}

/** Each is a connection that stays. */
const MOST_STREAMS = 100;
/** A browser whose connection was lost tries again after this time. */
const RETRY_MS = 2_000;
/** So that a proxy does not close a quiet stream. */
const BEAT_MS = 15_000;

const ASSETS_FOLDER = 'assets';

export function siteApp(parts: SiteParts): Hono {
  const app = new Hono({ strict: true });
  guard(app, parts);
  app.get('/healthz', (c) => c.text('ok\n'));
  app.get('/readyz', (c) => readiness(c, parts));
  app.use(`/${ASSETS_FOLDER}/*`, etag());
  app.get(`/${ASSETS_FOLDER}/style.css`, (c) => asset(c, ASSETS.style.text, 'text/css'));
  app.get(`/${ASSETS_FOLDER}/page.js`, (c) => asset(c, ASSETS.script.text, 'text/javascript'));
  const streams = { open: 0 };
  app.get('/live/:runId', (c) => streamOfRun(c, parts, streams));
  app.get('/live/workflows/:workflowId', (c) => streamOfWorkflow(c, parts, streams));
  app.get('/workflows/:workflowId', (c) => workflowPage(c, parts));
  app.get('/runs/:runId/', (c) => runPage(c, parts));
  app.get('/comparisons/:runId/', (c) => comparisonPage(c, parts));
  app.get('*', (c) => storedPage(c, parts));
  return app;
}

/** Only reads, only under a name of this machine, and with headers that keep other sites out. */
function guard(app: Hono, { names, onError }: SiteParts): void {
  const isAllowed = hostNames(names);
  app.use(async (c, next) => {
    const host = c.req.header('host');
    if (!isAllowed(host)) c.res = c.text(wrongNamePage(host ?? ''), 421);
    else if (c.req.method !== 'GET' && c.req.method !== 'HEAD')
      c.res = c.text('The pages can only be read.\n', 405, { allow: 'GET, HEAD' });
    else await next();
    c.header('x-content-type-options', 'nosniff');
    c.header('referrer-policy', 'no-referrer');
    c.header('x-frame-options', 'DENY');
    c.header('cross-origin-opener-policy', 'same-origin');
    c.header('cross-origin-resource-policy', 'same-origin');
    if (c.res.headers.get('content-security-policy') === null)
      c.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
  });
  app.onError((error, c) => {
    onError(error);
    return html(c, failedPage(error.message), { status: 500 });
  });
}

async function readiness(c: Context, { checks }: SiteParts): Promise<Response> {
  const looked = Object.entries(checks).map(async ([name, check]) => {
    const problem = await check().then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    return [name, problem] as const;
  });
  const problems = (await Promise.all(looked)).filter(([, problem]) => problem !== null);
  return c.json(
    { ready: problems.length === 0, problems: Object.fromEntries(problems) },
    problems.length === 0 ? 200 : 503,
    {
      'cache-control': 'no-store',
    },
  );
}

/** Checked with each page, because a newer Paceline at the same address has other ones. */
function asset(c: Context, text: string, type: string): Response {
  return c.body(text, 200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-cache' });
}

/** A run has a page from its beginning on: what is known now, then its report. */
async function runPage(c: Context, parts: SiteParts): Promise<Response> {
  const run = await parts.run(c.req.param('runId') ?? '');
  if (run === null) return storedPage(c, parts);
  if (run.isFinished) {
    const page = await parts.page(`/runs/${run.runId}/`);
    return page === null ? notFound(c) : html(c, withUi(page, parts.live.uiUrl(run)));
  }
  return nowPage(c, await parts.live.look(run), `/live/${encodeURIComponent(run.runId)}`);
}

async function comparisonPage(c: Context, parts: SiteParts): Promise<Response> {
  const runId = c.req.param('runId') ?? '';
  const page = await parts.page(`/comparisons/${runId}/`);
  if (page === null) return notFound(c);
  const run = await parts.comparison(runId);
  return html(c, withUi(page, run === null ? null : parts.live.uiUrl(run)));
}

function withUi(page: Page, uiUrl: string | null): Page {
  return uiUrl === null ? page : { ...page, about: [page.about, ' ', link('Open it in the Temporal UI.', uiUrl)] };
}

/** The address that is known before the run is: a workflow's run is in the store once a worker has taken it. */
async function workflowPage(c: Context, parts: SiteParts): Promise<Response> {
  const workflowId = c.req.param('workflowId') ?? '';
  const run = await parts.live.find(workflowId);
  if (run === null) return html(c, unknownWorkflowPage(workflowId), { status: 404 });
  const path = await pathOf(run, parts);
  if (path !== null) return c.redirect(path, 302);
  return nowPage(c, await parts.live.look(run), `/live/workflows/${encodeURIComponent(workflowId)}`);
}

/** Where a workflow's run has its page. null if it has none yet. */
async function pathOf({ runId }: WorkflowRun, { run, page }: SiteParts): Promise<string | null> {
  const id = encodeURIComponent(runId);
  if ((await run(runId)) !== null) return `/runs/${id}/`;
  const path = `/comparisons/${id}/`;
  return (await page(path)) === null ? null : path;
}

async function storedPage(c: Context, parts: SiteParts): Promise<Response> {
  const path = decoded(c.req.path);
  if (path !== null && !path.endsWith('/')) {
    return (await parts.page(`${path}/`)) === null
      ? notFound(c)
      : c.redirect(`${c.req.path.replace(/^\/+/, '/')}/`, 301);
  }
  const page = path === null ? null : await parts.page(path);
  if (page === null) return notFound(c);
  return html(c, page);
}

function nowPage(c: Context, now: RunNow, stream: string): Response {
  const live = now.standing.kind === 'closed' ? null : stream;
  return html(c, runNowPage(now, [link('Projects', '/')]), { live });
}

function notFound(c: Context): Response {
  return html(c, notFoundPage(c.req.path), { status: 404 });
}

function html(
  c: Context,
  page: Page,
  { live = null, status = 200 }: { readonly live?: string | null; readonly status?: 200 | 404 | 500 } = {},
): Response {
  const depth = c.req.path.split('/').length - 2;
  const options = { assets: { folder: `${'../'.repeat(depth)}${ASSETS_FOLDER}/` }, live };
  return c.html(renderPage(page, options), status, {
    'cache-control': 'no-store',
    'content-security-policy': `${policy(options)}; frame-ancestors 'none'`,
  });
}

async function streamOfRun(c: Context, parts: SiteParts, streams: { open: number }): Promise<Response> {
  const run = await parts.run(c.req.param('runId') ?? '');
  if (run === null) return c.text('There is no such run.\n', 404);
  return stream(c, parts, streams, run, async () => (await parts.run(run.runId))?.isFinished ?? true);
}

async function streamOfWorkflow(c: Context, parts: SiteParts, streams: { open: number }): Promise<Response> {
  const run = await parts.live.find(c.req.param('workflowId') ?? '');
  if (run === null) return c.text('There is no such workflow.\n', 404);
  return stream(c, parts, streams, run, async () => (await parts.run(run.runId)) !== null);
}

/** Sends what is new. @param hasMoved whether the page at this address is another one now, so that the browser must load it */
function stream(
  c: Context,
  { live, stop }: SiteParts,
  streams: { open: number },
  run: WorkflowRun,
  hasMoved: () => Promise<boolean>,
): Response {
  if (streams.open >= MOST_STREAMS) return c.text('Too many pages follow runs. Close some.\n', 503);
  if (c.req.method === 'HEAD') return c.body(null, 200, { 'content-type': 'text/event-stream' });
  streams.open += 1;
  const answer = streamSSE(c, async (out) => {
    const left = new AbortController();
    const over = AbortSignal.any([left.signal, stop]);
    out.onAbort(() => left.abort());
    const beat = setInterval(() => void out.write(': still here\n\n').catch(() => {}), BEAT_MS);
    try {
      let sent = '';
      for await (const now of live.watch(run, over)) {
        if (now.standing.kind === 'closed' || (await hasMoved())) {
          await out.writeSSE({ event: 'ended', data: '' });
          break;
        }
        const main = renderMain(runNowPage(now));
        if (main !== sent) await out.writeSSE({ event: 'main', data: main, retry: RETRY_MS });
        sent = main;
      }
    } finally {
      clearInterval(beat);
      streams.open -= 1;
    }
  });
  answer.headers.set('cache-control', 'no-store');
  return answer;
}

/** null if it is not valid text. */
function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
