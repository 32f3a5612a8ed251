/** Where git fetches from: a URL, or a view of a local repository. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { repositoryAt, viewed } from './git-repository.ts';

/** Calls `work` with an address for `url`. Git reads the configuration of a local repository that it serves, so it gets a view. */
export async function withRemote<T>(url: string, work: (address: string) => Promise<T>): Promise<T> {
  const path = localPathOf(url);
  const place = path === null ? null : await repositoryAt(path);
  return place === null ? work(path ?? url) : viewed(place, ({ gitDirectory }) => work(gitDirectory));
}

/** @returns null for a URL of another machine by git's rules: `host:path` is one */
function localPathOf(url: string): string | null {
  const ofFile = /^file:\/\/[^/]*(\/.*)$/i.exec(url)?.[1];
  if (ofFile !== undefined) return decoded(ofFile);
  const isLocal = !/^[^/]*:/.test(url);
  return isLocal && (existsSync(url) || existsSync(`${url}.git`)) ? resolve(url) : null;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
