/** The keys of a compose file with their lines. A value is kept only where it is known to be no secret. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type Scalar } from 'yaml';
import { beginningOf } from '../../model/bounds.ts';
import type { ComposeFileFacts, ComposeKey, UnreadReason } from '../../model/project-files.ts';
import { LONGEST_VALUE, MOST_ENTRIES } from './bounds.ts';
import { maskWords, safeText } from './credentials.ts';

export type ReadCompose =
  | ({ readonly kind: 'keys'; readonly inline: readonly InlineDockerfile[] } & Pick<
      ComposeFileFacts,
      'keys' | 'leftOut'
    >)
  | { readonly kind: 'unread'; readonly reason: UnreadReason };

/** Where a `dockerfile_inline` begins. */
export interface InlineDockerfile {
  readonly service: string;
  /** The lines of the file before its first one. */
  readonly linesBefore: number;
}

const DEEPEST = 30;

/** Never throws. Anchors are followed, and what a merge key brings in counts as written where the anchor is. */
export function readComposeKeys(text: string): ReadCompose {
  try {
    return keysOf(text);
  } catch {
    // Brackets within brackets, deeper than the parser can follow.
    return { kind: 'unread', reason: { kind: 'invalid', format: 'YAML', line: null } };
  }
}

function keysOf(text: string): ReadCompose {
  const lines = new LineCounter();
  // Compose refuses a key that is there twice, and to look for one takes minutes in a large file.
  const options = { prettyErrors: false, logLevel: 'silent', uniqueKeys: false } as const;
  const document = parseDocument(text, { lineCounter: lines, ...options });
  const [error] = document.errors;
  if (error !== undefined) {
    const reason = { kind: 'invalid', format: 'YAML', line: lines.linePos(error.pos[0]).line } as const;
    return { kind: 'unread', reason };
  }
  const keys: ComposeKey[] = [];
  const inline: InlineDockerfile[] = [];
  let leftOut = 0;
  const lineOf = (node: unknown) => lines.linePos((node as Node | null)?.range?.[0] ?? 0).line;
  const add = (path: readonly (string | number)[], line: number, value: ComposeKey['value']) => {
    if (keys.length < MOST_ENTRIES) keys.push({ path, line, value });
    else leftOut += 1;
    // A few anchors of anchors stand for more keys than any machine can hold.
    return leftOut <= MOST_ENTRIES;
  };
  let aliases = 0;
  const resolved = (node: unknown): unknown => {
    if (!isAlias(node)) return node;
    aliases += 1;
    if (aliases <= MOST_ENTRIES) return node.resolve(document);
    leftOut += 1;
    return null;
  };
  const entriesOf = entryReader(resolved);

  const walk = (written: unknown, path: readonly (string | number)[]): boolean => {
    const node = resolved(written);
    if (path.length > DEEPEST) return true;
    if (isMap(node)) {
      return [...entriesOf(node as Mapping)].every(([name, { key, value }]) =>
        visit(value, [...path, name], lineOf(key)),
      );
    }
    if (!isSeq(node)) return true;
    const masked = isCommand(path)
      ? maskWords(
          node.items
            .slice(0, MOST_ENTRIES)
            .map((item) => String(scalarOf(resolved(item)) ?? '').slice(0, LONGEST_VALUE)),
        )
      : null;
    return node.items.every((item, index) => visit(item, [...path, index], lineOf(item), masked?.[index]));
  };
  const visit = (value: unknown, path: readonly (string | number)[], line: number, masked?: string): boolean => {
    const node = resolved(value);
    if (isScalar(node) && path.at(-1) === 'dockerfile_inline' && path[0] === 'services')
      inline.push({ service: String(path[1]), linesBefore: lineOf(node) - (isBlock(node) ? 0 : 1) });
    const kept = isScalar(node) && isKept(path) ? (masked ?? safe(scalarOf(node))) : null;
    return add(path, line, typeof kept === 'string' ? beginningOf(kept, LONGEST_VALUE) : kept) && walk(value, path);
  };
  walk(document.contents, []);
  return { kind: 'keys', keys, leftOut, inline };
}

type Entry = { readonly key: unknown; readonly value: unknown };

interface Mapping {
  readonly items: readonly Entry[];
}

/** Reads mappings with the entries that `<<` brings in where the mapping does not have them itself; each is read once. */
function entryReader(resolved: (node: unknown) => unknown): (map: Mapping) => ReadonlyMap<string, Entry> {
  const known = new Map<Mapping, ReadonlyMap<string, Entry>>();
  const read = (map: Mapping): ReadonlyMap<string, Entry> => {
    const entries = known.get(map);
    if (entries !== undefined) return entries;
    const own = new Map<string, Entry>();
    // A mapping that merges itself gets nothing from it.
    known.set(map, own);
    for (const entry of map.items) if (nameOf(entry.key) !== '<<') own.set(nameOf(entry.key), entry);
    for (const { value } of map.items.filter(({ key }) => nameOf(key) === '<<')) {
      const source = resolved(value);
      for (const written of isSeq(source) ? source.items : [source]) {
        const each = resolved(written);
        if (!isMap(each)) continue;
        for (const [name, entry] of read(each)) if (!own.has(name)) own.set(name, entry);
      }
    }
    return own;
  };
  return read;
}

function nameOf(key: unknown): string {
  return beginningOf(isScalar(key) ? String(key.value) : '', 200);
}

function isBlock({ type }: Scalar): boolean {
  return type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED';
}

function scalarOf(node: unknown): ComposeKey['value'] {
  const value = isScalar(node) ? node.value : null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return typeof value === 'bigint' || value instanceof Date ? String(value) : null;
}

function safe(value: ComposeKey['value']): ComposeKey['value'] {
  return typeof value === 'string' ? safeText(value) : value;
}

/** Of a service: all below these keys. What is not here may hold a secret: `environment`, `labels`, `extra_hosts`, `x-…`. */
const OF_SERVICE = new Set(
  `image command entrypoint healthcheck depends_on tmpfs volumes init stop_signal stop_grace_period restart profiles networks
  network_mode ports expose cpus cpuset cpu_count cpu_percent cpu_shares cpu_period cpu_quota cpu_rt_runtime cpu_rt_period
  mem_limit mem_reservation mem_swappiness memswap_limit shm_size pids_limit blkio_config ulimits oom_kill_disable
  oom_score_adj working_dir user platform pull_policy read_only privileged scale extends container_name hostname tty
  stdin_open pid ipc links volumes_from env_file`.split(/\s+/),
);
const OF_BUILD = new Set(
  'context dockerfile target network no_cache pull platforms shm_size cache_from cache_to'.split(' '),
);
const OF_DEPLOY = new Set(['replicas', 'mode', 'resources', 'restart_policy']);

export function isKept([top, , key, next]: readonly (string | number)[]): boolean {
  if (top === 'name' || top === 'version' || top === 'include') return true;
  if (top === 'networks' || top === 'volumes') return ['driver', 'external', 'internal', 'name'].includes(String(key));
  if (top !== 'services' || key === undefined) return false;
  if (key === 'build') return next === undefined || OF_BUILD.has(String(next));
  if (key === 'deploy') return OF_DEPLOY.has(String(next));
  if (key === 'logging') return next === 'driver';
  return OF_SERVICE.has(String(key));
}

export function isCommand([top, , key, next]: readonly (string | number)[]): boolean {
  return (
    top === 'services' && (key === 'command' || key === 'entrypoint' || (key === 'healthcheck' && next === 'test'))
  );
}
