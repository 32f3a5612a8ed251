/**
 * The only way to call git. The caller's environment and a project's configuration must not control it: `GIT_*` variables that
 * name a program or another repository are removed, and git never starts in a directory where it would find a project's
 * configuration. A project's repository is read through `git-repository.ts`. The user's own configuration applies, because
 * it sets up credentials and Git LFS.
 */
import { PacelineError } from '../../model/failure.ts';
import { type CommandOutcome, runCommand } from '../command.ts';
import { diskTroubleIn } from '../disk-trouble.ts';

/** Variables of git that name programs, repositories or settings. Other GIT_* variables may belong to a project (GIT_COMMIT). */
export const PROGRAMS_AND_PLACES =
  /^(GIT_(DIR|WORK_TREE|COMMON_DIR|INDEX_FILE|INDEX_VERSION|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|SHALLOW_FILE|NAMESPACE|PREFIX|GRAFT_FILE|CEILING_DIRECTORIES|EXTERNAL_DIFF|SSH|SSH_COMMAND|SSH_VARIANT|PROXY_COMMAND|ASKPASS|EXEC_PATH|TEMPLATE_DIR|PAGER|EDITOR|SEQUENCE_EDITOR|TRACE\w*|CONFIG|CONFIG_PARAMETERS|CONFIG_COUNT|CONFIG_KEY_\d+|CONFIG_VALUE_\d+|ALLOW_PROTOCOL|PROTOCOL_FROM_USER|ATTR_SOURCE)|SSH_ASKPASS)$/;

/** Variables for the place of the user's configuration and for reaching servers. All others are removed. */
const PASSED_ON = /^GIT_(CONFIG_(GLOBAL|SYSTEM|NOSYSTEM)|SSL_\w+|HTTP_\w+|PROXY_SSL_\w+)$/;

/** Programs that git would use to ask for a password or to show its output. */
const PROGRAMS = ['SSH_ASKPASS', 'PAGER', 'EDITOR', 'VISUAL', 'LESSOPEN', 'LESSCLOSE'];

const SETTINGS = [
  // In a container the project often belongs to another user. Paceline reads it and runs none of its programs.
  'safe.directory=*',
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.pager=cat',
  'log.showSignature=false',
  'protocol.ext.allow=never',
  'gc.auto=0',
  'maintenance.auto=false',
  // A server that sends nothing for a minute counts as lost.
  'http.lowSpeedLimit=1',
  'http.lowSpeedTime=60',
];

export interface GitOptions {
  /** Where git starts. Never a directory in which it would find a project's configuration. @default the root */
  readonly cwd?: string;
  /** The repository, named; without it git looks for one from `cwd` upwards. */
  readonly repository?: { readonly gitDirectory: string; readonly workTree?: string; readonly index?: string };
  /** @default none */
  readonly input?: Uint8Array;
  readonly signal?: AbortSignal | undefined;
}

/** Runs git. It never prompts, and does not write to a repository that it only reads (not even to refresh the index). */
export function runGit(args: readonly string[], options: GitOptions = {}): Promise<CommandOutcome> {
  const { cwd = '/', repository, signal, input } = options;
  const env = {
    ...gitEnvironment(process.env),
    ...(repository === undefined ? {} : { GIT_DIR: repository.gitDirectory }),
    ...(repository?.workTree === undefined ? {} : { GIT_WORK_TREE: repository.workTree }),
    ...(repository?.index === undefined ? {} : { GIT_INDEX_FILE: repository.index }),
  };
  const settings = SETTINGS.flatMap((setting) => ['-c', setting]);
  return runCommand(['git', '--no-pager', ...settings, ...args], { cwd, env, signal, input });
}

/** The environment for git and for programs that call git, without variables that name programs, repositories or settings. */
export function gitEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  const kept = Object.entries(env).filter(
    ([name]) => !PROGRAMS.includes(name) && (!name.startsWith('GIT_') || PASSED_ON.test(name)),
  );
  return { ...Object.fromEntries(kept), GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' };
}

/** The output of git without the last line break. @returns null if it failed, for any reason */
export async function askGit(args: readonly string[], options?: GitOptions): Promise<string | null> {
  return outputOf(await runGit(args, options));
}

/** @returns null if the command failed */
export function outputOf(ended: CommandOutcome): string | null {
  return ended.kind === 'exited' && ended.exitCode === 0 ? ended.stdout : null;
}

/**
 * Runs git and throws if it fails.
 * @param what the problem as one sentence, without its full stop
 * @throws PacelineError SourceUnavailable | DiskFull
 */
export async function mustGit(
  args: readonly string[],
  what: string,
  next: string,
  options: GitOptions = {},
): Promise<void> {
  const ended = await runGit(args, options);
  if (ended.kind === 'missing') {
    throw new PacelineError({
      type: 'SourceUnavailable',
      what: `${what}: git is not installed.`,
      next: 'Install git, or leave out --ref to measure the directory as it is.',
    });
  }
  if (ended.kind === 'exited' && ended.exitCode === 0) return;
  const detail = withoutSecrets(ended.stderr.trim().split('\n').slice(-5).join('\n'));
  const full = diskTroubleIn(detail) !== null;
  throw new PacelineError({
    type: full ? 'DiskFull' : 'SourceUnavailable',
    what: `${what}.`,
    next: full ? 'Free some space on the disk of the data directory, or use another one with --data-dir.' : next,
    detail,
  });
}

/** The text without the users and passwords of its URLs. */
export function withoutSecrets(text: string): string {
  return text.replace(/\b(https?:\/\/)[^/@\s]+@/g, '$1');
}
