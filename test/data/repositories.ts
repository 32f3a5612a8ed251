/** Real repositories to read and to clone, with a branch, a tag, a sub-folder and a commit that nothing points to. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Repository {
  readonly path: string;
  readonly git: (...args: string[]) => string;
  readonly commits: {
    readonly first: string;
    readonly tagged: string;
    readonly main: string;
    readonly feature: string;
    readonly orphan: string;
  };
}

/** Git as on a machine without any settings of its own. */
export function gitIn(path: string): Repository['git'] {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const who = ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid'];
  return (...args) => execFileSync('git', ['-C', path, ...who, ...args], { env, encoding: 'utf8' }).trim();
}

export function repositoryIn(path: string): Repository {
  mkdirSync(path, { recursive: true });
  const git = gitIn(path);
  const commit = (file: string, content: string) => {
    mkdirSync(join(path, file, '..'), { recursive: true });
    writeFileSync(join(path, file), content);
    git('add', '--all');
    git('commit', '--quiet', '--message', `${file}: ${content}`);
    return git('rev-parse', 'HEAD');
  };
  git('init', '--quiet', '--initial-branch=main');
  const first = commit('version.txt', 'first');
  const tagged = commit('version.txt', 'tagged');
  git('tag', '--annotate', 'v1', '--message', 'v1');
  git('checkout', '--quiet', '-b', 'feature/login');
  const feature = commit('version.txt', 'feature');
  git('checkout', '--quiet', '--detach', 'main');
  const orphan = commit('version.txt', 'orphan');
  git('checkout', '--quiet', 'main');
  const main = commit(join('services', 'api', 'Dockerfile.test'), 'FROM scratch');
  return { path, git, commits: { first, tagged, main, feature, orphan } };
}
