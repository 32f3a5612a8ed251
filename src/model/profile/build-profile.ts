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
