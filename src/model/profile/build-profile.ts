/** Where the time of one image's build went, and what the image is made of. Bounded: it is stored and shown in reports. */
export interface BuildProfile {
  /** Those that took longest, at most 30, in the order in which they began; what came from the cache took no time. */
  readonly steps: readonly BuildStepFacts[];
  /** How many more did work. */
  readonly stepsLeftOut: number;
  /** The first step of the Dockerfile that the cache did not have; null if it had them all. */
  readonly firstMiss: string | null;
  /** The build cannot be faster than these steps one after the other. */
  readonly criticalPathSeconds: number | null;
  /** Sent by the client this time; the builder keeps what it got before. null if BuildKit did not say. */
  readonly contextBytes: number | null;
  readonly contextSeconds: number | null;
  readonly exportSeconds: number | null;
  /** The content of the build context; null if that is not a folder. */
  readonly context: ContextFacts | null;
  /** Those that hold something, at most 30, the base image's first. */
  readonly layers: readonly ImageLayer[];
  /** Every step of the Dockerfile in the order of BuildKit, at most 200. Older versions stored none, nor what follows. */
  readonly allSteps?: readonly StepState[];
  /** What the build was made from, for the question why a step missed the cache. */
  readonly inputs?: BuildInputs;
  /** Reading of an imported cache, and writing of an exported one; null without one. */
  readonly cacheImportSeconds?: number | null;
  readonly cacheExportSeconds?: number | null;
}

export interface StepState {
  /** As BuildKit writes it, at most 160 characters. */
  readonly name: string;
  readonly cached: boolean;
  /** null if it came from the cache or was not needed. */
  readonly seconds: number | null;
  /** From the start of the build; null if it never started. */
  readonly startSeconds: number | null;
  /** Indexes of the steps that it builds on. */
  readonly after: readonly number[];
  readonly onCriticalPath: boolean;
}

/** Digests are the first 12 hexadecimal digits of a SHA-256. */
export interface BuildInputs {
  /** Files of the context by path, at most 5,000; more are counted. Metadata that BuildKit compares (mode) is in the digest. */
  readonly files: readonly (readonly [path: string, digest: string])[];
  readonly filesLeftOut: number;
  /** Build arguments: values only as digests. */
  readonly args: readonly (readonly [name: string, digest: string])[];
  /** Images that FROM and COPY --from name, with the digest that was used; null if unknown. */
  readonly images: readonly (readonly [name: string, digest: string | null])[];
  /** Each instruction of the Dockerfile with a digest of its text, heredoc included. */
  readonly instructions: readonly (readonly [line: number, keyword: string, digest: string])[];
}

export interface BuildStepFacts {
  /** As BuildKit writes it, at most 160 characters. */
  readonly name: string;
  readonly seconds: number;
  /** A step of the Dockerfile, as against BuildKit's own. */
  readonly ofDockerfile: boolean;
  readonly onCriticalPath: boolean;
}

export interface ContextFacts {
  readonly files: number;
  readonly bytes: number;
  /** The largest entries of the context's own folder, at most 10. */
  readonly largest: readonly SizedPath[];
  /** What tools write and no build needs (`.git`, `.pytest_cache`, virtual environments), at most 10. */
  readonly writtenByTools: readonly SizedPath[];
  /** Written since the run's first build, at most 10: what a step that copies the context sees as a change. */
  readonly changed: readonly string[];
}

export interface SizedPath {
  readonly path: string;
  readonly bytes: number;
}

export interface ImageLayer {
  /** The instruction, at most 160 characters. */
  readonly createdBy: string;
  readonly bytes: number;
}
