/** What started this job, from the variables and the event file of GitHub Actions. */
import { readFile } from 'node:fs/promises';

export type CiEvent =
  /** A proposed change: a pull request, an entry of a merge queue, or a branch that is not the default one. */
  | {
      readonly kind: 'change';
      /** null for a branch and a merge queue. */
      readonly pullRequest: number | null;
      readonly headCommit: string | null;
      readonly baseCommit: string | null;
      readonly baseBranch: string | null;
    }
  /** The default branch: by a push, a schedule, or by hand. */
  | { readonly kind: 'default'; readonly branch: string | null; readonly before: string | null }
  /** Neither: a tag. */
  | { readonly kind: 'other'; readonly why: string };

type Json = Readonly<Record<string, unknown>>;

/** @throws nothing: a job without a readable event file is taken for what the variables say */
export async function readEvent(env: NodeJS.ProcessEnv): Promise<CiEvent> {
  const path = env['GITHUB_EVENT_PATH'];
  const text = path ? await readFile(path, 'utf8').catch(() => '') : '';
  return eventOf(env, parsed(text));
}

/** @param event what the event file holds */
export function eventOf(env: NodeJS.ProcessEnv, event: Json): CiEvent {
  const name = env['GITHUB_EVENT_NAME'] ?? '';
  if (name === 'pull_request') return pullRequest(objectAt(event, 'pull_request'), event, env);
  if (name === 'pull_request_target') {
    return {
      kind: 'other',
      why: '`pull_request_target` checks out the base branch, not the change. Use `pull_request`.',
    };
  }
  if (name === 'merge_group') {
    const group = objectAt(event, 'merge_group');
    return {
      kind: 'change',
      pullRequest: null,
      headCommit: commitAt(group, 'head_sha'),
      baseCommit: commitAt(group, 'base_sha'),
      baseBranch: branchOf(textAt(group, 'base_ref')),
    };
  }
  return ofRef(env['GITHUB_REF'] ?? '', textAt(objectAt(event, 'repository'), 'default_branch'), event);
}

function pullRequest(pull: Json, event: Json, env: NodeJS.ProcessEnv): CiEvent {
  const number = event['number'] ?? pull['number'];
  const base = objectAt(pull, 'base');
  return {
    kind: 'change',
    pullRequest: typeof number === 'number' && Number.isInteger(number) ? number : null,
    headCommit: commitAt(objectAt(pull, 'head'), 'sha'),
    baseCommit: commitAt(base, 'sha'),
    baseBranch: textAt(base, 'ref') ?? (env['GITHUB_BASE_REF'] || null),
  };
}

function ofRef(ref: string, defaultBranch: string | null, event: Json): CiEvent {
  if (ref.startsWith('refs/tags/')) return { kind: 'other', why: `${ref} is a tag.` };
  const branch = branchOf(ref);
  if (branch === null || defaultBranch === null || branch === defaultBranch) {
    return { kind: 'default', branch: branch ?? defaultBranch, before: commitAt(event, 'before') };
  }
  return { kind: 'change', pullRequest: null, headCommit: null, baseCommit: null, baseBranch: defaultBranch };
}

function branchOf(ref: string | null): string | null {
  return ref !== null && ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null;
}

function parsed(text: string): Json {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return {};
  }
}

function objectAt(value: Json, key: string): Json {
  return objectOf(value[key]);
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function textAt(value: Json, key: string): string | null {
  const text = value[key];
  return typeof text === 'string' && text !== '' && !/\p{Cc}/u.test(text) ? text : null;
}

/** A push that made a branch has a commit of zeros before it. */
function commitAt(value: Json, key: string): string | null {
  const text = textAt(value, key);
  return text !== null && /^[0-9a-f]{40,64}$/.test(text) && !/^0+$/.test(text) ? text : null;
}
