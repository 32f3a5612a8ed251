/**
 * Whether a git URL carries a secret, as in `https://user:token@host/…` or `https://token@host/…`: it would stay in Temporal's
 * history and in every result. A user alone is one for SSH, as in `ssh://git@host/…`.
 */
export function hasPassword(url: string): boolean {
  return /^https?:\/\/[^/]*@/i.test(url) || /^[a-z+]+:\/\/[^/@]*:[^/@]*@/i.test(url);
}

/** @returns what is wrong with a project's folder in a repository, to stand after its name; null for nothing */
export function folderComplaint(path: string): string | null {
  if (path.startsWith('/')) return 'is not relative to the top of the repository';
  return path.split('/').includes('..') ? 'leads out of the repository' : null;
}
