/** A repository whose configuration names a program wherever git knows a place for one; each that runs leaves its name. */
import { appendFileSync, chmodSync, existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { layOut } from '../support/lay-out.ts';
import { gitIn, repositoryIn } from './repositories.ts';

export interface Planted {
  readonly path: string;
  /** Variables that name programs and other repositories. */
  readonly env: Readonly<Record<string, string>>;
  /** The names of the programs that were run so far. */
  readonly ran: () => readonly string[];
  readonly commit: string;
}

const HOOKS = ['post-checkout', 'post-index-change', 'reference-transaction', 'pre-auto-gc', 'post-merge'];

/**
 * @param root an empty folder; the repository is `repo` in it
 * @param files further ones of the repository
 */
export function plantedIn(root: string, files: Readonly<Record<string, string>> = {}): Planted {
  const [programs, marks, path] = ['programs', 'marks', 'repo'].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [programs, marks]) mkdirSync(folder);
  const program = (name: string, folder = programs): string => {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, name);
    // A filter would still have to pass its input on, and none may fail before it has left its mark.
    writeFileSync(file, `#!/bin/sh\n: > '${marks}/${name}'\nexec cat\n`);
    chmodSync(file, 0o755);
    return file;
  };
  const { git } = repositoryIn(path);
  const library = repositoryIn(join(root, 'library'));
  git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library.path, 'vendor/library');
  writeFileSync(join(path, '.gitattributes'), '* filter=planted diff=planted merge=planted\n');
  writeFileSync(join(path, 'docker-compose.test.yml'), 'services: { test: { build: . } }\n');
  writeFileSync(join(path, 'Dockerfile'), 'FROM scratch\nCOPY version.txt /\n');
  writeFileSync(join(path, 'paceline.yml'), 'project: planted\n');
  layOut(path, files);
  git('add', '--all');
  git('commit', '--quiet', '--message', 'attributes');
  const commit = signed(path);

  plant(join(path, '.git'), program);
  const inner = join(path, '.git', 'modules', 'vendor', 'library');
  writeFileSync(join(inner, 'info', 'attributes'), '* filter=planted\n');
  plant(inner, program);
  // Another time than in the index: git has to read the files, and would ask the filters.
  for (const folder of [path, join(path, 'vendor', 'library')]) {
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isFile()) utimesSync(join(folder, entry.name), 1, 1);
  }
  return { path, env: variables(root, program), ran: () => readdirSync(marks), commit };
}

/** A commit that says it is signed: to show it, git would ask the program that checks signatures. */
function signed(path: string): string {
  const git = gitIn(path);
  const text = git('cat-file', 'commit', 'HEAD').replace(
    /\n\n/,
    '\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n',
  );
  writeFileSync(join(path, '.git', 'signed'), `${text}\n`);
  const commit = git('hash-object', '-t', 'commit', '-w', join(path, '.git', 'signed'));
  git('update-ref', 'refs/heads/main', commit);
  return commit;
}

function plant(gitDirectory: string, program: (name: string, folder?: string) => string): void {
  const hooks = join(gitDirectory, 'hooks-elsewhere');
  for (const hook of HOOKS) {
    program(hook, hooks);
    program(hook, join(gitDirectory, 'hooks'));
  }
  const included = join(gitDirectory, 'included');
  writeFileSync(included, `[core]\n\tfsmonitor = ${program('included-fsmonitor')}\n`);
  const settings: Record<string, string> = {
    'core.fsmonitor': program('fsmonitor'),
    'core.hooksPath': hooks,
    'core.sshCommand': program('ssh-command'),
    'core.pager': program('pager'),
    'core.editor': program('editor'),
    'core.askPass': program('ask-pass'),
    'core.gitProxy': program('git-proxy'),
    'core.alternateRefsCommand': program('alternate-refs'),
    'filter.planted.clean': program('clean'),
    'filter.planted.smudge': program('smudge'),
    'filter.planted.process': program('process'),
    'diff.external': program('diff-external'),
    'diff.planted.command': program('diff-command'),
    'diff.planted.textconv': program('textconv'),
    'merge.planted.driver': program('merge-driver'),
    'credential.helper': program('credential-helper'),
    'uploadpack.packObjectsHook': program('pack-objects-hook'),
    'remote.origin.url': `ext::${program('ext-url')}`,
    'remote.origin.uploadpack': program('remote-upload-pack'),
    'remote.origin.promisor': 'true',
    'remote.origin.partialclonefilter': 'blob:none',
    'protocol.allow': 'always',
    'protocol.ext.allow': 'always',
    [`url.ext::${program('instead-of')} .insteadOf`]: '/',
    'gpg.program': program('gpg'),
    'log.showSignature': 'true',
    'status.submoduleSummary': 'true',
    'alias.status': `!${program('alias')}`,
    'submodule.vendor/library.update': `!${program('submodule-update')}`,
    'include.path': included,
    [`includeIf.gitdir:${gitDirectory}/.path`]: included,
  };
  const lines = Object.entries(settings).map(([key, value]) => {
    const [section, name] = [key.slice(0, key.indexOf('.')), key.slice(key.lastIndexOf('.') + 1)];
    const subsection = key.slice(section.length + 1, -name.length - 1);
    return `[${section}${subsection === '' ? '' : ` "${subsection}"`}]\n\t${name} = "${value}"\n`;
  });
  appendFileSync(join(gitDirectory, 'config'), lines.join(''));
}

function variables(root: string, program: (name: string, folder?: string) => string): Record<string, string> {
  const other = repositoryIn(join(root, 'other'));
  const templates = join(root, 'templates');
  for (const hook of HOOKS) program(hook, join(templates, 'hooks'));
  const executables = join(root, 'executables');
  for (const name of ['git-upload-pack', 'git-remote-https', 'git-status']) program(name, executables);
  return {
    GIT_DIR: join(other.path, '.git'),
    GIT_WORK_TREE: other.path,
    GIT_COMMON_DIR: join(other.path, '.git'),
    GIT_INDEX_FILE: join(other.path, '.git', 'index'),
    GIT_OBJECT_DIRECTORY: join(other.path, '.git', 'objects'),
    GIT_NAMESPACE: 'other',
    GIT_CEILING_DIRECTORIES: root,
    GIT_EXTERNAL_DIFF: program('env-external-diff'),
    GIT_SSH: program('env-ssh'),
    GIT_SSH_COMMAND: program('env-ssh-command'),
    GIT_PROXY_COMMAND: program('env-proxy'),
    GIT_ASKPASS: program('env-askpass'),
    SSH_ASKPASS: program('env-ssh-askpass'),
    GIT_PAGER: program('env-pager'),
    GIT_EDITOR: program('env-editor'),
    GIT_EXEC_PATH: executables,
    GIT_TEMPLATE_DIR: templates,
    GIT_TRACE: join(root, 'marks', 'trace'),
    GIT_TRACE2: join(root, 'marks', 'trace2'),
    GIT_TRACE_SETUP: join(root, 'marks', 'trace-setup'),
    GIT_CONFIG: join(root, 'repo', '.git', 'config'),
    GIT_CONFIG_PARAMETERS: `'core.fsmonitor'='${program('env-fsmonitor')}'`,
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: 'filter.planted.clean',
    GIT_CONFIG_VALUE_0: program('env-clean'),
    GIT_CONFIG_KEY_1: 'diff.external',
    GIT_CONFIG_VALUE_1: program('env-diff'),
  };
}

/** Whether plain git runs any of them here: a test that plants nothing proves nothing. */
export function plainGitRuns({ path, ran }: Planted): boolean {
  const git = gitIn(path);
  try {
    git('diff', 'HEAD');
  } catch {
    // A program that is not a filter must not stop the test.
  }
  return ran().length > 0 && existsSync(path);
}
