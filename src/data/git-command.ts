/** git, run so that neither the caller's environment nor the repository's settings decide what happens. */
import { PacelineError } from '../model/failure.ts';
import { type CommandOutcome, runCommand } from './command.ts';
import { diskTroubleIn } from './disk-trouble.ts';

/** What a hook or an alias sets for its children: it would point every git here at the caller's repository. */
const OF_ANOTHER_REPOSITORY = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_COMMON_DIR',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_SHALLOW_FILE',
  'GIT_NAMESPACE',
  'GIT_PREFIX',
  'GIT_GRAFT_FILE',
];

const SETTINGS = [
  // In a container the project often belongs to another user; we read it and run none of its programs.
  'safe.directory=*',
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'gc.auto=0',
  // A server that sends nothing for a minute has gone away.
  'http.lowSpeedLimit=1',
  'http.lowSpeedTime=60',
];

/** How a git that serves us from a local path is to be started: it does not inherit the settings above. */
export const LOCAL_UPLOAD_PACK = "git -c 'safe.directory=*' -c uploadpack.allowAnySHA1InWant=true upload-pack";

/**
 * Runs git; it asks nothing and writes nothing to a repository that it only reads (not even a refreshed index).
 * @throws `signal.reason` on abort
 */
export function runGit(args: readonly string[], signal?: AbortSignal): Promise<CommandOutcome> {
  const env: Record<string, string | undefined> = { ...process.env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' };
  for (const name of OF_ANOTHER_REPOSITORY) delete env[name];
  const settings = SETTINGS.flatMap((setting) => ['-c', setting]);
  return runCommand(['git', ...settings, ...args], { env, signal });
}

/** What it printed, without the last line break. @returns null when it failed, for whatever reason */
export async function askGit(args: readonly string[], signal?: AbortSignal): Promise<string | null> {
  const ended = await runGit(args, signal);
  return ended.kind === 'exited' && ended.exitCode === 0 ? ended.stdout : null;
}

/**
 * Runs git where only success will do.
 * @param what one sentence for the problem, without its full stop
 * @throws PacelineError SourceUnavailable | DiskFull
 */
export async function mustGit(
  args: readonly string[],
  what: string,
  next: string,
  signal?: AbortSignal,
): Promise<void> {
  const ended = await runGit(args, signal);
  if (ended.kind === 'missing') {
    throw new PacelineError({
      type: 'SourceUnavailable',
      what: `${what}: git is not installed.`,
      next: 'Install git, or measure the folder as it lies, without --ref.',
    });
  }
  if (ended.kind === 'exited' && ended.exitCode === 0) return;
  const detail = withoutSecrets(ended.stderr.trim().split('\n').slice(-5).join('\n'));
  const full = diskTroubleIn(detail) !== null;
  throw new PacelineError({
    type: full ? 'DiskFull' : 'SourceUnavailable',
    what: `${what}.`,
    next: full ? 'Make room where the data directory lies, or use another with --data-dir.' : next,
    detail,
  });
}

/** The text without the users and passwords of URLs in it. */
export function withoutSecrets(text: string): string {
  return text.replace(/\b(https?:\/\/)[^/@\s]+@/g, '$1');
}
