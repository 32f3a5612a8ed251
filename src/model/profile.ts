/**
 * What collectors saw of one trial beyond its figures: where its time went. Bounded (a few hundred rows at most), since
 * it is stored with the trial and shown in reports; the raw records lie in the trial's folder.
 */
export interface TrialProfile {
  /** One sentence each: what could not be seen, and what a figure cannot say. */
  readonly notes: readonly string[];
}
