/**
 * git as other programs start it: compose for an `include:` of a URL, buildx for the commit that it records in an image. They
 * start it in the project's directory, where it reads the project's configuration. The environment here overrides that.
 */
import { askGit, PROGRAMS_AND_PLACES } from './git-command.ts';

/** git prints keys in lower case. */
const SSH_COMMAND = 'core.sshcommand';

/** The environment without variables that redirect git, and with settings that override a repository's own. */
export async function withHarmlessGit(env: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !PROGRAMS_AND_PLACES.test(name)));
  const ofUser = await entriesOfUser('^(credential\\..*helper|core\\.sshcommand)$');
  const helpers = ofUser.filter(([key]) => key !== SSH_COMMAND);
  const [, sshCommand] = ofUser.findLast(([key]) => key === SSH_COMMAND) ?? [];
  const settings: readonly (readonly [key: string, value: string])[] = [
    ['core.fsmonitor', 'false'],
    ['core.hooksPath', '/dev/null'],
    ['log.showSignature', 'false'],
    ['protocol.ext.allow', 'never'],
    // Only an empty value clears the list of helpers. The user's own helpers are added after it.
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

/** Settings of the user and the machine. Empty if git is not installed. */
async function entriesOfUser(pattern: string): Promise<[key: string, value: string][]> {
  const listed = await askGit(['config', '--includes', '--null', '--get-regexp', pattern]);
  return (listed ?? '').split('\0').flatMap((entry): [string, string][] => {
    const end = entry.indexOf('\n');
    return end < 0 ? [] : [[entry.slice(0, end), entry.slice(end + 1)]];
  });
}
