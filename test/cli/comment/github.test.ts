import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { Ajv } from 'ajv';
import { afterEach, describe, expect, test } from 'vitest';
import { type GithubOptions, postComment } from '../../../src/cli/comment/github.ts';

/** Five operations of GitHub's own description of its API. */
const API = JSON.parse(readFileSync(new URL('../../fixtures/github/openapi.json', import.meta.url), 'utf8')) as {
  paths: Record<string, Record<string, { requestBody: { schema: object } | null }>>;
};
const MARKER = '<!-- paceline:shop -->';
const PLACE = { owner: 'acme', repo: 'shop', number: 7 };

interface Stored {
  readonly id: number;
  body: string;
  readonly user: { readonly login: string };
}

/** A local stand-in that keeps comments, and refuses what GitHub's description does not allow. */
class Github {
  readonly comments: Stored[] = [];
  readonly requests: string[] = [];
  /** Answers in place of the next ones. */
  readonly failures: { status: number; headers?: Record<string, string> }[] = [];
  user: string | null = 'github-actions[bot]';
  private readonly server = createServer((request, response) => {
    void this.answer(request).then(({ status, body, headers = {} }) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    });
  });

  async start(): Promise<GithubOptions> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    const { port } = this.server.address() as AddressInfo;
    return { token: 'secret-token', apiUrl: `http://127.0.0.1:${port}`, author: null };
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  add(login: string, body: string): Stored {
    const comment = { id: this.comments.length + 1, body, user: { login } };
    this.comments.push(comment);
    return comment;
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url!, 'http://localhost');
    const text = await bodyOf(request);
    this.requests.push(`${request.method} ${url.pathname}`);
    const failure = this.failures.shift();
    if (failure !== undefined) return { ...failure, body: { message: 'no' } };
    if (!isAllowed(request.method!, url.pathname, text)) return { status: 422, body: { message: 'not in the API' } };
    if (url.pathname === '/user') {
      return this.user === null ? { status: 403, body: {} } : { status: 200, body: { login: this.user } };
    }
    if (request.method === 'GET') return this.page(url);
    const { body } = JSON.parse(text) as { body: string };
    if (request.method === 'POST') return { status: 201, body: withUrl(this.add('github-actions[bot]', body)) };
    const found = this.comments.find(({ id }) => url.pathname.endsWith(`/${id}`));
    if (found === undefined) return { status: 404, body: {} };
    found.body = body;
    return { status: 200, body: withUrl(found) };
  }

  private page(url: URL): Answer {
    const [size, page] = [Number(url.searchParams.get('per_page')), Number(url.searchParams.get('page') ?? 1)];
    const next = new URL(url);
    next.searchParams.set('page', String(page + 1));
    const isLast = this.comments.length <= page * size;
    const link = `<http://127.0.0.1:${(this.server.address() as AddressInfo).port}${next.pathname}${next.search}>; rel="next"`;
    return {
      status: 200,
      body: this.comments.slice((page - 1) * size, page * size).map(withUrl),
      ...(isLast ? {} : { headers: { link } }),
    };
  }
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Record<string, string>;
}

function withUrl(comment: Stored) {
  return { ...comment, html_url: `https://github.test/comment/${comment.id}` };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

function isAllowed(method: string, path: string, text: string): boolean {
  const [, operations] =
    Object.entries(API.paths).find(([template]) =>
      new RegExp(`^${template.replace(/\{[^}]*\}/g, '[^/]+')}$`).test(path),
    ) ?? [];
  const operation = operations?.[method.toLowerCase()];
  if (operation === undefined) return false;
  if (operation.requestBody === null) return text === '';
  return new Ajv({ strict: false }).validate(operation.requestBody.schema, JSON.parse(text));
}

describe('the comment on a pull request', () => {
  let github: Github;
  afterEach(() => github.stop());

  const post = async (body: string, create = true, author: string | null = null) => {
    const options = await github.start();
    return postComment(PLACE, { marker: MARKER, body: `${MARKER}\n${body}`, create }, { ...options, author });
  };

  test('is created, and updated in place by the next job', async () => {
    github = new Github();
    expect(await post('slower')).toMatchObject({ kind: 'created' });
    github.stop();
    expect(await post('as before')).toMatchObject({ kind: 'updated' });
    expect(github.comments.map(({ body }) => body)).toEqual([`${MARKER}\nas before`]);
  });

  test('is found behind a hundred others', async () => {
    github = new Github();
    for (let i = 0; i < 120; i += 1) github.add('someone', `comment ${i}`);
    const own = github.add('github-actions[bot]', `${MARKER}\nold`);
    expect(await post('new')).toMatchObject({ kind: 'updated' });
    expect(own.body).toBe(`${MARKER}\nnew`);
  });

  test.each([
    ['by someone else with the same marker', 'mallory', MARKER],
    ['that only quotes the marker', 'github-actions[bot]', `> ${MARKER}`],
    ['of another project', 'github-actions[bot]', '<!-- paceline:shop.2d.two -->'],
  ])('leaves a comment alone %s', async (_, login, body) => {
    github = new Github();
    const other = github.add(login, body);
    expect(await post('new')).toMatchObject({ kind: 'created' });
    expect(other.body).toBe(body);
  });

  test('belongs to the workflow where its token may not ask who it is', async () => {
    github = new Github();
    github.user = null;
    github.add('github-actions[bot]', `${MARKER}\nold`);
    expect(await post('new')).toMatchObject({ kind: 'updated' });
  });

  test('without news is not created, and an earlier one is still corrected', async () => {
    github = new Github();
    expect(await post('nothing', false)).toEqual({ kind: 'none' });
    github.stop();
    github.add('github-actions[bot]', `${MARKER}\nregressed`);
    expect(await post('nothing', false)).toMatchObject({ kind: 'updated' });
  });

  test.each([
    ['an error of the server', { status: 502 }],
    ['a rate limit that ends soon', { status: 429, headers: { 'retry-after': '1' } }],
  ])('is written after %s', async (_, failure) => {
    github = new Github();
    github.failures.push(failure);
    expect(await post('new')).toMatchObject({ kind: 'created' });
    expect(github.comments).toHaveLength(1);
  });

  test('says that GitHub did not answer', async () => {
    github = new Github();
    const { apiUrl } = await github.start();
    github.stop();
    const options = { token: 'secret-token', apiUrl, author: 'me' };
    await expect(postComment(PLACE, { marker: MARKER, body: MARKER, create: true }, options)).rejects.toThrow(
      'The comment on acme/shop#7 could not be written: GitHub did not answer.',
    );
  });

  test.each([
    [401, /does not accept the token/],
    [404, /pull-requests: write/],
  ])('says what to do where GitHub answers %i, and never shows the token', async (status, said) => {
    github = new Github();
    github.failures.push({ status });
    const error = await post('new').then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ message: expect.stringMatching(said) });
    expect(inspect(error, { depth: 10 })).not.toContain('secret-token');
  });
});
