/**
 * Whether a git URL carries a secret, as in `https://user:token@host/…` or `https://token@host/…`: it would stay in Temporal's
 * history and in every result. A user alone is one for SSH, as in `ssh://git@host/…`.
 */
export function hasPassword(url: string): boolean {
  return /^https?:\/\/[^/]*@/i.test(url) || /^[a-z+]+:\/\/[^/@]*:[^/@]*@/i.test(url);
}
