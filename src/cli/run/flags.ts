/** The options of `paceline run`. */
import type { SourceFlags } from '../options.ts';
import type { ReportFormat } from '../report-formats.ts';

export interface RunFlags extends SourceFlags {
  readonly json?: boolean;
  readonly output?: string;
  readonly format?: readonly ReportFormat[];
  readonly strict?: boolean;
  readonly verbose?: boolean;
  readonly fresh?: boolean;
  readonly dataDir?: string;
  readonly port?: number;
  readonly uiPort?: number;
  /** stdout like the legacy script: what scripts/benchmark_ci.sh prints. */
  readonly seedOutput?: boolean;
}
