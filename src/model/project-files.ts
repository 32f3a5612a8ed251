/**
 * The project's own files that a finding can name by file and line: what they say, parsed, with no secret of the project in it.
 * Plain JSON, and bounded: what is left out of a file is counted in `leftOut`.
 */

export interface ProjectFiles {
  readonly dockerfiles: readonly DockerfileFacts[];
  readonly dockerignores: readonly DockerignoreFacts[];
  /** In the order in which compose merges them. */
  readonly composeFiles: readonly ComposeFileFacts[];
  /** The file from which pytest takes its configuration; null without one, or where it could not be read. */
  readonly pytest: PytestFileFacts | null;
  readonly unread: readonly UnreadFile[];
  /** The lines of the files above, for patches. Older versions stored none. */
  readonly texts?: readonly FileText[];
}

/** A file line by line. A line that may hold a secret is null: a patch can neither show nor change it. */
export interface FileText {
  readonly file: string;
  /** Without line ends. */
  readonly lines: readonly (string | null)[];
  /** Whether the last line has a line end, and whether line ends are CRLF. */
  readonly endsWithNewline: boolean;
  readonly crlf: boolean;
}

/** Every `file` is relative to the project's folder: `../Dockerfile` is elsewhere in its repository. Lines count from 1. */
export interface DockerfileFacts {
  /** The compose file where the Dockerfile is inline. */
  readonly file: string;
  readonly services: readonly string[];
  /** The stage that is built; null for the last one. */
  readonly target: string | null;
  readonly stages: readonly DockerfileStage[];
  readonly instructions: readonly DockerfileInstruction[];
  readonly leftOut: number;
}

export interface DockerfileStage {
  readonly name: string | null;
  readonly line: number;
}

export interface DockerfileInstruction {
  readonly line: number;
  readonly endLine: number;
  /** In capitals. */
  readonly keyword: string;
  readonly flags: readonly string[];
  /** With `***` in place of the values of variables and of what looks like a credential. */
  readonly arguments: string;
  /** Index of its stage; null before the first FROM. */
  readonly stage: number | null;
}

export interface DockerignoreFacts {
  readonly file: string;
  readonly patterns: readonly DockerignorePattern[];
  readonly leftOut: number;
}

export interface DockerignorePattern {
  readonly line: number;
  /** Without the `!`. */
  readonly pattern: string;
  readonly negated: boolean;
}

export interface ComposeFileFacts {
  readonly file: string;
  readonly keys: readonly ComposeKey[];
  readonly leftOut: number;
}

/** A key of a mapping, or an item of a list by its index. Anchors and merge keys are resolved; the line is where it is written. */
export interface ComposeKey {
  readonly path: readonly (string | number)[];
  readonly line: number;
  /** null for mappings and lists, for an empty value, and for every value that may be a secret. */
  readonly value: string | number | boolean | null;
}

export interface PytestFileFacts {
  readonly file: string;
  readonly options: readonly PytestOption[];
  readonly leftOut: number;
}

export interface PytestOption {
  readonly name: string;
  readonly line: number;
  /** Lists have one item a line. null for an option that is not known to be free of secrets. */
  readonly value: string | null;
}

/** A file that the project has or names, and of which nothing is known. */
export interface UnreadFile {
  readonly file: string;
  readonly reason: UnreadReason;
}

export type UnreadReason =
  | { readonly kind: 'tooLarge'; readonly bytes: number }
  /** Not UTF-8, or with null bytes. */
  | { readonly kind: 'notText' }
  /** Missing, not a regular file, or not readable by this user. */
  | { readonly kind: 'notReadable' }
  /** `line` is null where the parser does not say it. */
  | { readonly kind: 'invalid'; readonly format: 'YAML' | 'TOML' | 'INI'; readonly line: number | null }
  /** A context that is a URL. */
  | { readonly kind: 'remote' };

export interface Place {
  readonly file: string;
  readonly line: number;
}
