import { describe, expect, test } from 'vitest';
import type { RunNow } from '../../src/report/live/run-now.ts';
import type { Page } from '../../src/report/page.ts';
import { siteApp, type SiteParts } from '../../src/site/app.ts';
import type { WorkflowRun } from '../../src/site/live-runs.ts';

const RUN: WorkflowRun = { workflowId: 'benchmark/shop/1', runId: 'r1' };

const NOW: RunNow = {
  ...RUN,
  project: 'shop',
  commit: null,
  branch: null,
  startedAt: null,
  standing: { kind: 'running' },
  steps: [],
  stepsAreOld: false,
  notes: [],
  troubles: [],
  usage: [],
  outputs: [],
  uiUrl: null,
  seenAtMs: 0,
};

function pageOf(title: string): Page {
  return { title, trail: [], headline: null, about: '', lead: [], sections: [] };
}

interface Given {
  readonly pages?: Readonly<Record<string, Page>>;
  readonly runs?: Readonly<Record<string, boolean>>;
  readonly looks?: readonly RunNow[];
  readonly known?: readonly WorkflowRun[];
  readonly parts?: Partial<SiteParts>;
}

interface Request {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A site over what is given here; what is asked of running benchmarks is noted. */
function site({ pages = {}, runs = {}, looks = [NOW], known = [RUN], parts = {} }: Given = {}) {
  const asked: string[] = [];
  const errors: unknown[] = [];
  const app = siteApp({
    page: async (path) => pages[path] ?? null,
    run: async (runId) => (runId in runs ? { ...RUN, runId, isFinished: runs[runId]! } : null),
    comparison: async (runId) => known.find((run) => run.runId === runId) ?? null,
    live: {
      find: async (workflowId) => known.find((run) => run.workflowId === workflowId) ?? null,
      look: async ({ runId }) => {
        asked.push(runId);
        return looks[0]!;
      },
      watch: async function* ({ runId }) {
        asked.push(runId);
        yield* looks;
      },
      uiUrl: ({ workflowId }) => `http://ui.example/${workflowId}`,
    },
    checks: {},
    names: [],
    stop: new AbortController().signal,
    onError: (error) => errors.push(error),
    ...parts,
  });
  const get = (path: string, { method = 'GET', headers = {} }: Request = {}) =>
    app.request(`http://127.0.0.1:9233${path}`, { method, headers: { host: '127.0.0.1:9233', ...headers } });
  return { get, asked, errors };
}

describe('who may read what', () => {
  test('a name that is not this machine is refused before anything is looked up', async () => {
    const { get, asked } = site({ runs: { r1: false } });
    const answer = await get('/runs/r1/', { headers: { host: 'evil.example' } });
    expect(answer.status).toBe(421);
    expect(await answer.text()).toContain('--pages-name');
    expect(asked).toEqual([]);
  });

  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s is refused', async (method) => {
    const answer = await site().get('/', { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  test.each(['/', '/runs/r1/', '/nothing/', '/healthz', '/assets/page.js'])(
    'no other site may frame or read %s',
    async (path) => {
      const { headers } = await site({ pages: { '/': pageOf('Projects') }, runs: { r1: false } }).get(path);
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    },
  );

  test.each(['/runs/..%2f..%2fetc/', '/../../etc/passwd', '/assets/..%2fpage.ts', '/%00/', '/%E0%A4%A/'])(
    '%s has no page',
    async (path) => {
      const { get, asked } = site({ pages: { '/': pageOf('Projects') } });
      expect((await get(path)).status).toBe(404);
      expect(asked).toEqual([]);
    },
  );
});

describe('pages', () => {
  test('a stored page is shown with the style of its depth', async () => {
    const answer = await site({ pages: { '/projects/shop/': pageOf('shop') } }).get('/projects/shop/');
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(await answer.text()).toContain('href="../../assets/style.css"');
  });

  test('a path without its last slash leads to the one with it', async () => {
    const answer = await site({ pages: { '/projects/shop/': pageOf('shop') } }).get('/projects/shop');
    expect([answer.status, answer.headers.get('location')]).toEqual([301, '/projects/shop/']);
  });

  test('a path that looks like another machine does not lead there', async () => {
    const pages = { '//evil.example/': pageOf('none') };
    const answer = await site({ pages }).get('//evil.example');
    expect(answer.headers.get('location') ?? '').not.toMatch(/^\/\//);
  });

  test('HEAD has the headers alone', async () => {
    const answer = await site({ pages: { '/': pageOf('Projects') } }).get('/', { method: 'HEAD' });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });

  test('an unknown path has a page that names it', async () => {
    const answer = await site().get('/<b>/');
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('There is nothing at');
  });

  test('what cannot be read is a page with the reason, and an error of the program', async () => {
    const page = async () => {
      throw new Error('the store is <gone>');
    };
    const { get, errors } = site({ parts: { page } });
    const answer = await get('/');
    expect(answer.status).toBe(500);
    expect(await answer.text()).toContain('the store is &lt;gone&gt;');
    expect(errors).toHaveLength(1);
  });

  test('an asset that has not changed is not sent again', async () => {
    const { get } = site();
    const first = await get('/assets/page.js');
    const again = await get('/assets/page.js', { headers: { 'if-none-match': first.headers.get('etag') ?? '' } });
    expect([first.status, again.status]).toEqual([200, 304]);
  });
});

describe('a run', () => {
  test('while it is running, its page follows it', async () => {
    const html = await (await site({ runs: { r1: false } }).get('/runs/r1/')).text();
    expect(html).toContain('data-live="/live/r1"');
    expect(html).toContain('running');
  });

  test('that is closed without a result has a page that stays as it is', async () => {
    const closed: RunNow = { ...NOW, standing: { kind: 'closed', how: 'terminated' } };
    const html = await (await site({ runs: { r1: false }, looks: [closed] }).get('/runs/r1/')).text();
    expect(html).not.toContain('data-live');
    expect(html).toContain('terminated');
  });

  test('with a result shows its report, without asking Temporal, and links its workflow', async () => {
    const { get, asked } = site({ runs: { r1: true }, pages: { '/runs/r1/': pageOf('report') } });
    const html = await (await get('/runs/r1/')).text();
    expect(html).toContain('http://ui.example/benchmark/shop/1');
    expect(html).not.toContain('data-live');
    expect(asked).toEqual([]);
  });

  test('a comparison links its workflow too', async () => {
    const html = await (await site({ pages: { '/comparisons/r1/': pageOf('c') } }).get('/comparisons/r1/')).text();
    expect(html).toContain('http://ui.example/benchmark/shop/1');
  });

  test.each([
    ['to the run once the store has it', { runs: { r1: false } }, '/runs/r1/'],
    ['to the comparison once it has a page', { pages: { '/comparisons/r1/': pageOf('c') } }, '/comparisons/r1/'],
  ])('the address of its workflow leads %s', async (_, given, location) => {
    const answer = await site(given).get(`/workflows/${encodeURIComponent(RUN.workflowId)}`);
    expect([answer.status, answer.headers.get('location')]).toEqual([302, location]);
  });

  test('before a worker has taken it the address of its workflow follows it', async () => {
    const html = await (await site().get(`/workflows/${encodeURIComponent(RUN.workflowId)}`)).text();
    expect(html).toContain(`data-live="/live/workflows/${encodeURIComponent(RUN.workflowId)}"`);
  });

  test('a workflow that the server does not know has a page with the reason', async () => {
    const answer = await site({ known: [] }).get('/workflows/x');
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('No such workflow');
  });
});

describe('the stream of a run', () => {
  test('sends what is new, each state once, and says when the run has ended', async () => {
    const looks: readonly RunNow[] = [
      NOW,
      NOW,
      { ...NOW, notes: ['a note'] },
      { ...NOW, standing: { kind: 'closed', how: 'completed' } },
    ];
    const answer = await site({ runs: { r1: false }, looks }).get('/live/r1');
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const events = (await answer.text()).match(/^event: .*$/gm);
    expect(events).toEqual(['event: main', 'event: main', 'event: ended']);
  });

  test('ends with the first look after the result is stored', async () => {
    const answer = await site({ runs: { r1: true } }).get('/live/r1');
    expect((await answer.text()).match(/^event: .*$/gm)).toEqual(['event: ended']);
  });

  test('HEAD looks at nothing', async () => {
    const { get, asked } = site({ runs: { r1: false } });
    expect((await get('/live/r1', { method: 'HEAD' })).status).toBe(200);
    expect(asked).toEqual([]);
  });

  test('of an unknown run is refused', async () => {
    expect((await site().get('/live/nope')).status).toBe(404);
  });
});

describe('whether all is well', () => {
  test('the process answers whatever else does', async () => {
    const checks = { store: () => Promise.reject(new Error('gone')) };
    expect((await site({ parts: { checks } }).get('/healthz')).status).toBe(200);
  });

  test('it is ready when each part answers', async () => {
    const checks = { store: async () => {}, temporal: async () => {} };
    const answer = await site({ parts: { checks } }).get('/readyz');
    expect([answer.status, await answer.json()]).toEqual([200, { ready: true, problems: {} }]);
  });

  test('a part that does not answer is named with its reason', async () => {
    const checks = { store: async () => {}, temporal: () => Promise.reject(new Error('no answer')) };
    const answer = await site({ parts: { checks } }).get('/readyz');
    expect([answer.status, await answer.json()]).toEqual([503, { ready: false, problems: { temporal: 'no answer' } }]);
  });
});
