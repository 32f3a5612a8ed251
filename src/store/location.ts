/** Chooses the store: a PostgreSQL URL, or the file in the data directory. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { wrongUsage } from '../model/failure.ts';

export type StoreLocation =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'postgres'; readonly url: string };

export interface StoreOptions {
  readonly dataDirectory: string;
  /** The first of --store and PACELINE_STORE that is set, else `store` in the data directory's config.json. */
  readonly url?: string | undefined;
}

/** src/notify/config.ts reads `notify`. */
const CONFIG = z.strictObject({ store: z.string().min(1).optional(), notify: z.unknown().optional() });

/** @throws PacelineError WrongUsage for an invalid URL or config.json. It never shows a password. */
export function storeLocation({ dataDirectory, url }: StoreOptions): StoreLocation {
  const given = url || configured(join(dataDirectory, 'config.json'));
  if (given === undefined) return { kind: 'sqlite', file: join(dataDirectory, 'store.sqlite') };
  return { kind: 'postgres', url: checked(given) };
}

/** The URL for messages: without password and parameters. */
export function withoutPassword(url: string): string {
  const { protocol, username, host, pathname } = new URL(url);
  return `${protocol}//${username === '' ? '' : `${username}@`}${host}${pathname}`;
}

/** The secret parts of a URL, encoded and decoded. */
export function secretsOf(url: string): readonly string[] {
  const { password, searchParams } = new URL(url);
  const written = [password, searchParams.get('password') ?? ''];
  return [...new Set([...written, ...written.map(decoded)])].filter((secret) => secret !== '');
}

function checked(url: string): string {
  const parsed = URL.parse(url);
  if (parsed !== null && /^postgres(?:ql)?:$/.test(parsed.protocol)) return url;
  throw wrongUsage(
    'The URL of the store is not a PostgreSQL URL.',
    "Write it as `postgresql://user:password@host:5432/database` in --store, PACELINE_STORE or the data directory's config.json. Encode special characters in the password, such as @ as %40. Without a URL, the store is a file in the data directory.",
  );
}

function configured(file: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'ENOTDIR') {
      throw wrongUsage(
        `The data directory ${dirname(file)} is not a directory.`,
        'Specify a directory with --data-dir or PACELINE_DATA.',
      );
    }
    throw wrongUsage(`${file} cannot be read (${code}).`, 'Make it readable for this user, or remove it.');
  }
  const config = CONFIG.safeParse(parsedJson(text));
  if (config.success) return config.data.store;
  throw wrongUsage(`${file} is not valid.`, 'Write `{"store": "postgresql://…"}`, or remove the file.');
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
