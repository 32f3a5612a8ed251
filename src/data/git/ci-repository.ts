/**
 * The repository that a CI system checked out, as its own step left it. Unlike everywhere else, git reads its configuration:
 * the checkout wrote the credentials of this job into it, and fetching and pushing need them. Hooks stay off.
 */
import { askGit, runGit, withoutSecrets } from './git-command.ts';
import { findRepository } from './git-repository.ts';

/** @returns the top of the repository; null outside git */
export async function topOfRepository(directory: string): Promise<string | null> {
  return (await findRepository(directory))?.top ?? null;
}

export type BaseOfChange =
  | { readonly kind: 'commit'; readonly commit: string }
  | { readonly kind: 'unknown'; readonly why: string };

/** What an event says of a proposed change. Every value may be null: not every CI system says it. */
export interface ProposedChange {
  /** The newest commit of the change. */
  readonly headCommit: string | null;
  /** The newest commit of the branch that it is for. */
  readonly baseCommit: string | null;
  readonly baseBranch: string | null;
}

/** How much of the history is fetched to find the merge base, step by step. */
const DEEPENINGS = [50, 500, 5_000];

/**
 * The commit that the change in HEAD starts from, with its files in the repository. GitHub checks out a merge of the change
 * into the branch: that commit's first parent is the base, and it differs from HEAD by the change alone. Otherwise it is the
 * merge base. A shallow clone has neither: what is needed of them is fetched.
 */
export async function baseOfChange(top: string, change: ProposedChange): Promise<BaseOfChange> {
  const parents = await parentsOfHead(top);
  const [first, second] = parents;
  if (first !== undefined && second !== undefined && (change.headCommit === null || second === change.headCommit)) {
    return withFiles(top, first);
  }
  const target = await targetOf(top, change);
  if (target === null) return { kind: 'unknown', why: cannotFetch(change.baseBranch ?? 'the base branch') };
  for (const depth of [0, ...DEEPENINGS]) {
    if (depth > 0) {
      if (!(await isShallow(top))) break;
      await git(top, ['fetch', '--quiet', '--no-tags', `--deepen=${depth}`, 'origin', 'HEAD', target]);
    }
    const base = await ask(top, ['merge-base', 'HEAD', target]);
    if (base !== null) return withFiles(top, base);
  }
  return {
    kind: 'unknown',
    why: 'HEAD and its base branch have no common commit in this clone. Set `fetch-depth: 0` for actions/checkout.',
  };
}

/** Reads the commit itself: in a shallow clone, git hides parents that it does not have. */
async function parentsOfHead(top: string): Promise<string[]> {
  const text = (await ask(top, ['cat-file', 'commit', 'HEAD'])) ?? '';
  const header = text.split('\n\n', 1)[0] ?? '';
  return [...header.matchAll(/^parent ([0-9a-f]{40,64})$/gm)].flatMap(([, id]) => id ?? []);
}

/** The newest commit of the base branch, as the event has it or as the remote has it. */
async function targetOf(top: string, { baseCommit, baseBranch }: ProposedChange): Promise<string | null> {
  if (baseCommit !== null && (await fetched(top, baseCommit))) return baseCommit;
  if (baseBranch === null || baseBranch.startsWith('-')) return null;
  return withOwnRef(top, async (ref) => {
    const ended = await git(top, [
      'fetch',
      '--quiet',
      '--no-tags',
      ...(await shallowly(top)),
      'origin',
      `+refs/heads/${baseBranch}:${ref}`,
    ]);
    return ended ? ask(top, ['rev-parse', ref]) : null;
  });
}

async function withFiles(top: string, commit: string): Promise<BaseOfChange> {
  if (await fetched(top, commit)) return { kind: 'commit', commit };
  return { kind: 'unknown', why: cannotFetch(commit.slice(0, 7)) };
}

function cannotFetch(what: string): string {
  return `${what} is not in this clone and cannot be fetched from origin. Set \`fetch-depth: 0\` for actions/checkout.`;
}

/** Whether the commit and its files are there, after fetching them if need be. */
async function fetched(top: string, commit: string): Promise<boolean> {
  const isThere = async () => (await ask(top, ['cat-file', '-e', `${commit}^{tree}`])) !== null;
  if (await isThere()) return true;
  await git(top, ['fetch', '--quiet', '--no-tags', ...(await shallowly(top)), 'origin', commit]);
  return isThere();
}

/** A depth would make a complete clone shallow. */
async function shallowly(top: string): Promise<readonly string[]> {
  return (await isShallow(top)) ? ['--depth=1'] : [];
}

async function isShallow(top: string): Promise<boolean> {
  return (await ask(top, ['rev-parse', '--is-shallow-repository'])) === 'true';
}

/** The first parent of HEAD with its files; null if it has none or it cannot be fetched. */
export async function commitBefore(top: string): Promise<string | null> {
  const [first] = await parentsOfHead(top);
  return first !== undefined && (await fetched(top, first)) ? first : null;
}

export async function headCommit(top: string): Promise<string | null> {
  return ask(top, ['rev-parse', '--verify', '--quiet', 'HEAD']);
}

export type BranchFile =
  | { readonly kind: 'read'; readonly text: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly why: string };

export interface PlaceOnBranch {
  readonly branch: string;
  /** A plain name: files of the branch are in no folder. */
  readonly file: string;
}

/** A file of a branch at origin. `none`: there is no such branch, or no such file on it. */
export async function readBranchFile(top: string, place: PlaceOnBranch): Promise<BranchFile> {
  return withOwnRef(top, async (ref) => {
    const tip = await fetchTip(top, place.branch, ref);
    if (tip.kind !== 'commit') return tip;
    const text = await ask(top, ['cat-file', 'blob', `${tip.commit}:${place.file}`]);
    return text === null ? { kind: 'none' } : { kind: 'read', text };
  });
}

export type Pushed =
  | { readonly kind: 'pushed'; readonly attempts: number }
  | { readonly kind: 'failed'; readonly why: string };

const MOST_PUSHES = 15;

/**
 * Changes one file of a branch at origin and keeps all others. The branch has one commit without parents, so that it stays as
 * small as its files. The push succeeds only if the branch is still as it was read; if another job was faster, its files are
 * read again and `change` is asked again. So nothing that another job wrote is lost.
 * @param change gets the text that is there, or '' for a new file
 */
export async function changeBranchFile(
  top: string,
  place: PlaceOnBranch,
  change: (before: string) => string,
  wait: (attempt: number) => Promise<void>,
): Promise<Pushed> {
  let why = '';
  for (let attempt = 1; attempt <= MOST_PUSHES; attempt += 1) {
    const ended = await withOwnRef(top, (ref) => pushOnce(top, place, change, ref));
    if (ended.kind === 'pushed') return { kind: 'pushed', attempts: attempt };
    if (ended.kind === 'failed') return ended;
    why = ended.why;
    await wait(attempt);
  }
  return { kind: 'failed', why: `It was pushed ${MOST_PUSHES} times, and another job was faster each time. ${why}` };
}

type PushedOnce =
  | { readonly kind: 'pushed' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'again'; readonly why: string };

async function pushOnce(
  top: string,
  { branch, file }: PlaceOnBranch,
  change: (before: string) => string,
  ref: string,
): Promise<PushedOnce> {
  const tip = await fetchTip(top, branch, ref);
  if (tip.kind === 'failed') return { kind: 'again', why: tip.why };
  const before = tip.kind === 'commit' ? tip.commit : null;
  const text = before === null ? '' : ((await ask(top, ['cat-file', 'blob', `${before}:${file}`])) ?? '');
  const blob = await ask(top, ['hash-object', '-w', '--stdin'], change(text === '' ? '' : `${text}\n`));
  const others = before === null ? '' : ((await ask(top, ['ls-tree', before])) ?? '');
  const kept = others.split('\n').filter((line) => line !== '' && !line.endsWith(`\t${file}`));
  const tree = await ask(
    top,
    ['mktree'],
    [...kept, `100644 blob ${blob}\t${file}`].map((line) => `${line}\n`).join(''),
  );
  const author = ['-c', 'user.name=paceline', '-c', 'user.email=paceline@users.noreply.github.com'];
  const commit =
    blob === null || tree === null
      ? null
      : await ask(top, [
          ...author,
          '-c',
          'commit.gpgSign=false',
          'commit-tree',
          tree,
          '-m',
          'Update the history of benchmarks',
        ]);
  if (commit === null) return { kind: 'failed', why: 'git could not write the commit.' };
  const lease = `--force-with-lease=refs/heads/${branch}:${before ?? ''}`;
  const pushed = await runGit(['push', '--quiet', '--porcelain', lease, 'origin', `${commit}:refs/heads/${branch}`], {
    cwd: top,
  });
  if (pushed.kind === 'exited' && pushed.exitCode === 0) return { kind: 'pushed' };
  const said =
    pushed.kind === 'exited' ? withoutSecrets(`${pushed.stdout}\n${pushed.stderr}`).trim() : 'git ended early';
  const isDenied = /permission|denied|403|protected|not allowed|declined|authentication|could not read username/i.test(
    said,
  );
  return { kind: isDenied ? 'failed' : 'again', why: said.split('\n').slice(-3).join(' ') };
}

type Tip =
  | { readonly kind: 'commit'; readonly commit: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly why: string };

async function fetchTip(top: string, branch: string, ref: string): Promise<Tip> {
  const listed = await runGit(['ls-remote', '--quiet', 'origin', `refs/heads/${branch}`], { cwd: top });
  if (listed.kind !== 'exited' || listed.exitCode !== 0) {
    const said = listed.kind === 'exited' ? withoutSecrets(listed.stderr).trim().split('\n').at(-1) : 'git is missing';
    return { kind: 'failed', why: `origin cannot be read: ${said}` };
  }
  if (listed.stdout.trim() === '') return { kind: 'none' };
  const isFetched = await git(top, ['fetch', '--quiet', '--no-tags', 'origin', `+refs/heads/${branch}:${ref}`]);
  const commit = isFetched ? await ask(top, ['rev-parse', ref]) : null;
  return commit === null
    ? { kind: 'failed', why: `The branch ${branch} cannot be fetched.` }
    : { kind: 'commit', commit };
}

/** A ref of this call alone: two jobs of one runner may share the clone. */
async function withOwnRef<T>(top: string, work: (ref: string) => Promise<T>): Promise<T> {
  const ref = `refs/paceline/${process.pid}-${Math.random().toString(36).slice(2)}`;
  try {
    return await work(ref);
  } finally {
    await git(top, ['update-ref', '-d', ref]);
  }
}

async function git(top: string, args: readonly string[]): Promise<boolean> {
  return (await askGit(args, { cwd: top })) !== null;
}

function ask(top: string, args: readonly string[], input?: string): Promise<string | null> {
  return askGit(args, { cwd: top, ...(input === undefined ? {} : { input: Buffer.from(input) }) });
}
