/**
 * git as other programs start it: compose for an `include:` of a URL, buildx for the commit that it notes in an image. They
 * start it in the project's folder, where it reads the project's configuration, so the environment overrides what that may name.
 */
import { askGit, PROGRAMS_AND_PLACES } from './git-command.ts';

/** The environment without the variables that send git elsewhere, and with settings that win over a repository's own. */
export async function withHarmlessGit(env: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !PROGRAMS_AND_PLACES.test(name)));
  const helpers = await entriesOfUser('^credential\\..*helper$');
  const [, sshCommand] = (await entriesOfUser('^core\\.sshcommand$')).at(-1) ?? [];
  const settings: readonly (readonly [key: string, value: string])[] = [
    ['core.fsmonitor', 'false'],
    ['core.hooksPath', '/dev/null'],
    ['log.showSignature', 'false'],
    ['protocol.ext.allow', 'never'],
    // Nothing empties the list of helpers but an empty one; the user's own come after it.
    ['credential.helper', ''],
    ...helpers,
  ];
  return {
    ...kept,
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    GIT_PROXY_COMMAND: '',
    GIT_SSH_COMMAND: sshCommand ?? 'ssh',
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(settings.flatMap(([key, value], index) => pair(index, key, value))),
    BUILDX_GIT_INFO: 'false',
    BUILDX_GIT_LABELS: 'false',
    BUILDX_GIT_CHECK_DIRTY: 'false',
  };
}

function pair(index: number, key: string, value: string): [name: string, value: string][] {
  return [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ];
}

/** Of the user and the machine; none where git is not installed. */
async function entriesOfUser(pattern: string): Promise<[key: string, value: string][]> {
  const listed = await askGit(['config', '--includes', '--null', '--get-regexp', pattern]);
  return (listed ?? '').split('\0').flatMap((entry): [string, string][] => {
    const end = entry.indexOf('\n');
    return end < 0 ? [] : [[entry.slice(0, end), entry.slice(end + 1)]];
  });
}
