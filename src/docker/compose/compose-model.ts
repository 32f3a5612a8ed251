/**
 * A compose project as `docker compose config --format json` resolves it. Only the parts that Paceline reads or changes
 * have types. Everything else is passed through unchanged.
 */

export interface ComposeModel {
  readonly name?: string;
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks?: Readonly<Record<string, ComposeNetwork | null>>;
  readonly volumes?: Readonly<Record<string, ComposeVolume | null>>;
  readonly secrets?: Readonly<Record<string, ComposeFileSource>>;
  readonly configs?: Readonly<Record<string, ComposeFileSource>>;
  readonly [key: string]: unknown;
}

export interface ComposeService {
  readonly image?: string;
  readonly build?: ComposeBuild;
  readonly command?: readonly string[] | null;
  readonly entrypoint?: readonly string[] | null;
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly depends_on?: Readonly<Record<string, ComposeDependency>>;
  readonly links?: readonly string[];
  readonly external_links?: readonly string[];
  readonly volumes_from?: readonly string[];
  readonly volumes?: readonly ComposeMount[];
  readonly ports?: readonly { readonly target: number; readonly protocol?: string }[];
  readonly expose?: readonly (string | number)[];
  readonly networks?: Readonly<Record<string, ComposeAttachment | null>>;
  readonly network_mode?: string;
  readonly ipc?: string;
  readonly pid?: string;
  readonly profiles?: readonly string[];
  readonly container_name?: string;
  readonly restart?: string;
  readonly scale?: number;
  readonly platform?: string;
  readonly logging?: { readonly driver?: string; readonly [key: string]: unknown };
  readonly deploy?: ComposeDeploy;
  readonly labels?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

export interface ComposeDependency {
  readonly condition: string;
  readonly required?: boolean;
}

export interface ComposeAttachment {
  readonly aliases?: readonly string[];
  readonly ipv4_address?: string;
  readonly ipv6_address?: string;
  readonly [key: string]: unknown;
}

export interface ComposeMount {
  readonly type: string;
  readonly source?: string;
  readonly target: string;
  readonly read_only?: boolean;
  readonly [key: string]: unknown;
}

export interface ComposeDeploy {
  readonly replicas?: number;
  readonly restart_policy?: { readonly condition?: string };
  readonly resources?: {
    readonly limits?: { readonly cpus?: number | string; readonly memory?: string };
    readonly reservations?: { readonly memory?: string };
  };
  readonly [key: string]: unknown;
}

export interface ComposeBuild {
  readonly context?: string;
  readonly dockerfile?: string;
  readonly dockerfile_inline?: string;
  readonly target?: string;
  readonly args?: Readonly<Record<string, string | null>>;
  readonly secrets?: readonly { readonly source: string; readonly target?: string }[];
  readonly ssh?: readonly string[];
  readonly additional_contexts?: Readonly<Record<string, string>>;
  readonly extra_hosts?: readonly string[] | Readonly<Record<string, string | readonly string[]>>;
  readonly network?: string;
  readonly platforms?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly shm_size?: string | number;
  readonly no_cache?: boolean;
  readonly cache_from?: readonly string[];
  readonly [key: string]: unknown;
}

export interface ComposeNetwork {
  readonly name?: string;
  readonly driver?: string;
  readonly external?: boolean;
  readonly driver_opts?: Readonly<Record<string, string>>;
  readonly ipam?: { readonly config?: readonly { readonly subnet?: string }[] };
  readonly labels?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

export interface ComposeVolume {
  readonly name?: string;
  readonly external?: boolean;
  readonly driver_opts?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

/** A secret or a config: its content comes from a file, from a variable of compose's own environment, or inline. */
export interface ComposeFileSource {
  readonly name?: string;
  readonly external?: boolean;
  readonly file?: string;
  readonly environment?: string;
  readonly content?: string;
}

/**
 * `config` writes every `$` as `$$`, also in keys, so that compose can read its output again.
 * @returns the same document with the real strings, as containers and builds get them
 */
export function unescapeDollars<T>(document: T): T {
  return mapStrings(document, unescape, unescape) as T;
}

/** The reverse, for a document that compose will read. Compose interpolates values only, so keys stay as they are. */
export function escapeDollars<T>(document: T): T {
  return mapStrings(
    document,
    (text) => text.replaceAll('$', '$$$$'),
    (key) => key,
  ) as T;
}

function unescape(text: string): string {
  return text.replaceAll('$$', '$');
}

function mapStrings(node: unknown, ofValue: (text: string) => string, ofKey: (key: string) => string): unknown {
  if (typeof node === 'string') return ofValue(node);
  if (Array.isArray(node)) return node.map((item) => mapStrings(item, ofValue, ofKey));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [ofKey(key), mapStrings(value, ofValue, ofKey)]),
  );
}
