/** How much of a host one trial gets. All trials of a plan have the same shape, and the shape is part of the baseline key. */
export interface LaneShape {
  readonly cpus: number;
  /** null: no limit. */
  readonly memoryBytes: number | null;
}
