/**
 * The TCP ports on which a container listens, from the kernel's lists for its network namespace: for services that
 * declare no port. UDP and Unix sockets do not count: clients use them too, and programs use them between their own
 * processes.
 */
import { readFileSync } from 'node:fs';
import { readdir, readlink } from 'node:fs/promises';
import { endianness } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { placeOfProcess, type ReadText, readText } from '../cgroup/reading.ts';

export interface ListeningSocket {
  readonly port: number;
  readonly inode: string;
  /** Only programs in the same network namespace can reach it. */
  readonly loopback: boolean;
}

/** `st` of a listening socket: https://docs.kernel.org/networking/proc_net_tcp.html */
const LISTENING =
  /^\s*\d+:\s+([\dA-F]{8}|[\dA-F]{32}):([\dA-F]{4})\s+\S+\s+0A\s+\S+\s+\S+\s+\S+\s+\d+\s+\d+\s+(\d+)(?:\s|$)/i;
/** The engine's name server, which is in every network namespace of its own networks. */
const ENGINE_DNS = '127.0.0.11';

/** From a text in the form of /proc/net/tcp or tcp6. Lines of another form are ignored. */
export function listeningSockets(text: string, order: 'LE' | 'BE' = endianness()): readonly ListeningSocket[] {
  return text.split('\n').flatMap((line) => {
    const [, address = '', port = '', inode = ''] = LISTENING.exec(line) ?? [];
    if (address === '') return [];
    const bytes = addressBytes(address, order);
    const dotted = ipv4(bytes);
    if (dotted === ENGINE_DNS) return [];
    const loopback = dotted === null ? isIpv6Loopback(bytes) : dotted.startsWith('127.');
    return [{ port: Number.parseInt(port, 16), inode, loopback }];
  });
}

/** The kernel prints 32-bit words in this machine's byte order. */
function addressBytes(hex: string, order: 'LE' | 'BE'): readonly number[] {
  const bytes = [...Buffer.from(hex, 'hex')];
  if (order === 'BE') return bytes;
  return bytes.map((_, index) => bytes[index - (index % 4) + 3 - (index % 4)] ?? 0);
}

/** Also for an IPv4 address in IPv6's form; null for any other. */
function ipv4(bytes: readonly number[]): string | null {
  if (bytes.length === 4) return bytes.join('.');
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  return mapped ? bytes.slice(12).join('.') : null;
}

function isIpv6Loopback(bytes: readonly number[]): boolean {
  return bytes.slice(0, 15).every((byte) => byte === 0) && bytes[15] === 1;
}

export interface FollowListening {
  readonly containerId: string;
  /** Of the container's first process, on this machine. */
  readonly pid: number;
  /** Other containers share the network namespace, so the owner of a socket must be found. */
  readonly shared: () => boolean;
  readonly elapsedSeconds: () => number;
  readonly onOpen: (port: number, seconds: number) => void;
  readonly onClose: (port: number) => void;
  readonly isDone: () => boolean;
  readonly signal: AbortSignal;
}

const LOOK_MS = 50;
/** Of one CPU: the kernel goes through its table of all connections for each list, 1.5 ms on a host with 24 GiB. */
const SHARE = 0.05;

/** Why the sockets show nothing; null if they do. */
export type Untold = string | null;

interface Readers {
  readonly read: ReadText;
  readonly lists: typeof socketLists;
}

/** The kernel's two lists, IPv4 and IPv6. Read in this thread, so that their cost can be measured. */
function socketLists(pid: number): readonly (string | null)[] {
  return ['tcp', 'tcp6'].map((name) => {
    try {
      return readFileSync(`/proc/${pid}/net/${name}`, 'utf8');
    } catch {
      return null;
    }
  });
}

/** Until the container's first process ends, or it is done. Never rejects. */
export async function followListening(
  request: FollowListening,
  { read = readText, lists = socketLists }: Partial<Readers> = {},
): Promise<Untold> {
  const { pid, containerId, signal, elapsedSeconds } = request;
  // The same number may be another process if engine and worker do not see the same processes.
  if (!((await read(`/proc/${pid}/cgroup`)) ?? '').includes(containerId)) return 'its processes cannot be seen';
  let open: ReadonlySet<number> = new Set();
  const owners = createOwners(pid, read);
  while (!signal.aborted && !request.isDone()) {
    const before = process.threadCpuUsage();
    const texts = lists(pid);
    const { user, system } = process.threadCpuUsage(before);
    const seconds = elapsedSeconds();
    const ended = texts.every((text) => text === null);
    const shared = request.shared();
    const sockets = texts.flatMap((text) => listeningSockets(text ?? '')).filter(({ loopback }) => shared || !loopback);
    const own = shared ? await owners.own(sockets) : sockets;
    if (own === null) return 'it shares its network, and the owners of the sockets there cannot be seen';
    const ports = new Set(own.map(({ port }) => port));
    for (const port of open) if (!ports.has(port)) request.onClose(port);
    for (const port of ports) if (!open.has(port)) request.onOpen(port, seconds);
    open = ports;
    if (ended) return null;
    await sleep(Math.max(LOOK_MS, ((user + system) / 1_000) * (1 / SHARE - 1)), undefined, { signal }).catch(() => {});
  }
  return null;
}

/** Finds the owner of a socket once: whether a process of the container's control group holds it. */
function createOwners(pid: number, read: ReadText) {
  const known = new Map<string, boolean>();
  return {
    /** @returns null if it cannot be found out */
    own: async (sockets: readonly ListeningSocket[]): Promise<readonly ListeningSocket[] | null> => {
      if (sockets.some(({ inode }) => !known.has(inode))) {
        const held = await heldSockets(pid, read);
        if (held === null) return null;
        for (const { inode } of sockets) if (!known.has(inode)) known.set(inode, held.has(inode));
      }
      return sockets.filter(({ inode }) => known.get(inode) === true);
    },
  };
}

/** The inodes of all sockets of the container's processes; null if none of the processes can be read. */
async function heldSockets(pid: number, read: ReadText): Promise<ReadonlySet<string> | null> {
  const place = placeOfProcess((await read(`/proc/${pid}/cgroup`)) ?? '');
  const folder =
    place === null
      ? undefined
      : place.version === 2
        ? place.folder
        : (place.folders['pids'] ?? place.folders['cpuacct']);
  const pids = folder === undefined ? [] : ((await read(`${folder}/cgroup.procs`)) ?? '').split('\n').filter(Boolean);
  const targets = await Promise.all((pids.length === 0 ? [String(pid)] : pids).map(openFiles));
  if (targets.every((each) => each === null)) return null;
  return new Set(
    targets.flatMap((each) => each ?? []).flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []),
  );
}

async function openFiles(pid: string): Promise<readonly string[] | null> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => null);
  return names && (await Promise.all(names.map(async (name) => await readlink(`${folder}/${name}`).catch(() => ''))));
}
