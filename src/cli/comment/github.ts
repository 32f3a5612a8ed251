/** Comments of a pull request at GitHub's REST API: https://docs.github.com/en/rest/issues/comments */
import { Octokit } from '@octokit/core';
import { paginateRest } from '@octokit/plugin-paginate-rest';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { PacelineError, wrongUsage } from '../../model/failure.ts';

export interface PullRequest {
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
}

export interface GithubOptions {
  readonly token: string;
  /** Without a slash at its end. */
  readonly apiUrl: string;
  /** Whose comments count; null: those of the token's own user. */
  readonly author: string | null;
}

export type Posted = { readonly kind: 'created' | 'updated'; readonly url: string } | { readonly kind: 'none' };

/** The token of a workflow may not ask who it is. Its comments are by this user. */
const WORKFLOW_USER = 'github-actions[bot]';
/** A job does not wait longer for a rate limit to end. */
const MOST_WAIT_SECONDS = 60;
const MOST_RETRIES = 2;

const Client = Octokit.plugin(paginateRest, retry, throttling);
type Client = InstanceType<typeof Client>;

/**
 * Updates the comment that has this marker, or creates one. A comment of someone else is left alone, whatever it contains.
 * @param create whether there may be a new comment; an earlier one is updated in any case, so that it does not stay wrong
 * @throws PacelineError WrongUsage if GitHub refuses, with the permission that the job lacks
 */
export async function postComment(
  { owner, repo, number: issue_number }: PullRequest,
  { marker, body, create }: { readonly marker: string; readonly body: string; readonly create: boolean },
  options: GithubOptions,
): Promise<Posted> {
  const client = clientOf(options);
  try {
    const author = options.author ?? (await ownName(client));
    const earlier = await earlierComment(client, { owner, repo, issue_number }, marker, author);
    if (earlier !== null) {
      const { data } = await client.request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', {
        owner,
        repo,
        comment_id: earlier,
        body,
      });
      return { kind: 'updated', url: data.html_url };
    }
    if (!create) return { kind: 'none' };
    const { data } = await client.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      owner,
      repo,
      issue_number,
      body,
    });
    return { kind: 'created', url: data.html_url };
  } catch (error) {
    throw refusal(error, `${owner}/${repo}#${issue_number}`);
  }
}

function clientOf({ token, apiUrl }: GithubOptions): Client {
  const again = (seconds: number, _options: unknown, _client: unknown, retries: number) =>
    retries < MOST_RETRIES && seconds <= MOST_WAIT_SECONDS;
  return new Client({
    auth: token,
    baseUrl: apiUrl,
    userAgent: 'paceline',
    // Their messages are not in the product's tone, and may hold what was sent.
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    throttle: { onRateLimit: again, onSecondaryRateLimit: again },
  });
}

async function ownName(client: Client): Promise<string> {
  try {
    return (await client.request('GET /user')).data.login;
  } catch (error) {
    if (statusOf(error) === 403) return WORKFLOW_USER;
    throw error;
  }
}

/** The oldest, so that one comment stays in use if there should be two. */
async function earlierComment(
  client: Client,
  place: { readonly owner: string; readonly repo: string; readonly issue_number: number },
  marker: string,
  author: string,
): Promise<number | null> {
  const pages = client.paginate.iterator('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    ...place,
    per_page: 100,
  });
  for await (const { data } of pages) {
    const found = data.find(({ body, user }) => user?.login === author && body?.startsWith(marker) === true);
    if (found !== undefined) return Number(found.id);
  }
  return null;
}

function statusOf(error: unknown): number | null {
  const status = error instanceof Error && 'status' in error ? error.status : null;
  return typeof status === 'number' ? status : null;
}

function refusal(error: unknown, place: string): PacelineError {
  if (error instanceof PacelineError) return error;
  const status = statusOf(error);
  if (status === 401) return wrongUsage('GitHub does not accept the token.', 'Set GITHUB_TOKEN to a valid token.');
  if (status === 403 || status === 404) {
    return wrongUsage(
      `GitHub does not let this token comment on ${place} (${status}).`,
      'Give the job `permissions: { pull-requests: write }`. A pull request from a fork has a token that only reads.',
    );
  }
  // Without an answer the client makes up a status.
  const answered = error instanceof Error && 'response' in error && error.response !== undefined;
  const why = answered ? `GitHub answered ${status}` : 'GitHub did not answer';
  return wrongUsage(`The comment on ${place} could not be written: ${why}.`, 'Run the job again.');
}
