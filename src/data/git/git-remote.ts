/** Where git fetches from: a URL as it is, and a repository on this machine through a view of it. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { repositoryAt, viewed } from './git-repository.ts';

/** Has `work` fetch from an address that stands for `url`: what serves a local repository reads its configuration too. */
export async function withRemote<T>(url: string, work: (address: string) => Promise<T>): Promise<T> {
  const path = localPathOf(url);
  const place = path === null ? null : await repositoryAt(path);
  return place === null ? work(path ?? url) : viewed(place, ({ gitDirectory }) => work(gitDirectory));
}

/** @returns null for a URL of another machine, as git tells them apart: `host:path` is one */
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
