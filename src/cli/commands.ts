/** All commands: name, description, and the module with the code. */
import type { Command } from 'commander';
import type { Io } from './io.ts';
import type { Ending } from './ending.ts';

export interface CommandEntry {
  readonly name: string;
  /** One sentence for --help. */
  readonly description: string;
  /** Imports the command's code. Only the command that runs is imported: `--help` stays fast. */
  readonly load: () => Promise<(io: Io, ending: Ending) => Command>;
}

/** In the order of --help. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'run',
    description: 'Benchmark a project: build it, start its services, run its tests, and judge the times.',
    load: async () => (await import('./commands/run.ts')).runCommand,
  },
  {
    name: 'compare',
    description: 'Compare two commits on this machine in interleaved pairs: is HEAD slower than BASE?',
    load: async () => (await import('./commands/compare.ts')).compareCommand,
  },
  {
    name: 'ci',
    description: 'Measure what started this CI job: record the default branch, check a pull request.',
    load: async () => (await import('./commands/ci.ts')).ciCommand,
  },
  {
    name: 'comment',
    description: 'Write what a CI job found into one comment on its pull request.',
    load: async () => (await import('./commands/comment.ts')).commentCommand,
  },
  {
    name: 'advise',
    description: 'List what to change and the seconds it saves; verify it in pairs; write it as a patch.',
    load: async () => (await import('./commands/advise.ts')).adviseCommand,
  },
  {
    name: 'tune',
    description: 'Find the number of pytest-xdist workers and the distribution with which the tests are fastest.',
    load: async () => (await import('./commands/tune.ts')).tuneCommand,
  },
  {
    name: 'init',
    description: 'Write a commented paceline.yml for a project, and a workflow for GitHub Actions.',
    load: async () => (await import('./commands/init.ts')).initCommand,
  },
  {
    name: 'plan',
    description: 'Print the plan of a project: its paceline.yml with every default filled in.',
    load: async () => (await import('./commands/plan.ts')).planCommand,
  },
  {
    name: 'up',
    description: 'Run a Temporal server, its UI and a worker until Ctrl-C. With a configured server: only a worker.',
    load: async () => (await import('./commands/up.ts')).upCommand,
  },
  {
    name: 'worker',
    description: 'Run a worker on this host for the configured Temporal server, until Ctrl-C.',
    load: async () => (await import('./commands/worker.ts')).workerCommand,
  },
  {
    name: 'site',
    description: 'Write the pages of all runs as files, for GitHub Pages or any file server.',
    load: async () => (await import('./commands/site.ts')).siteCommand,
  },
  {
    name: 'schedule',
    description: 'Create, list and change schedules, such as a run every night.',
    load: async () => (await import('./commands/schedule.ts')).scheduleCommand,
  },
  {
    name: 'temporal',
    description: "Run Temporal's own command line against the server that Paceline uses.",
    load: async () => (await import('./commands/temporal.ts')).temporalCommand,
  },
  {
    name: 'logs',
    description: "Show the tests' output of a run (default: the latest).",
    load: async () => (await import('./commands/logs.ts')).logsCommand,
  },
  {
    name: 'history',
    description: 'List, export, import and delete earlier runs.',
    load: async () => (await import('./commands/history.ts')).historyCommand,
  },
  {
    name: 'report',
    description: 'Show the report of a stored run (default: the latest).',
    load: async () => (await import('./commands/report.ts')).reportCommand,
  },
  {
    name: 'analyze',
    description: 'Judge a run again from its facts.json. Needs neither Docker nor Temporal.',
    load: async () => (await import('./commands/analyze.ts')).analyzeCommand,
  },
  {
    name: 'explain',
    description: 'Explain a run: which figures moved against another run, and why. Or an alert: how it was decided.',
    load: async () => (await import('./commands/explain.ts')).explainCommand,
  },
  {
    name: 'cache',
    description: 'Show what the build cache saved in the newest runs, and which change made a step miss it.',
    load: async () => (await import('./commands/cache.ts')).cacheCommand,
  },
  {
    name: 'trace',
    description: 'Export where the time of a run went: as OpenTelemetry, or for Perfetto.',
    load: async () => (await import('./commands/trace.ts')).traceCommand,
  },
  {
    name: 'ack',
    description: 'Accept an alert: from its run on, the new level is the baseline.',
    load: async () => (await import('./commands/alerts.ts')).ackCommand,
  },
  {
    name: 'reset',
    description: 'Start a new baseline for a series. Earlier runs are kept but no longer compared.',
    load: async () => (await import('./commands/alerts.ts')).resetCommand,
  },
  {
    name: 'notify',
    description: 'Send a sample notification to the receivers of the plan and the data directory.',
    load: async () => (await import('./commands/notify.ts')).notifyCommand,
  },
  {
    name: 'detect',
    description: 'Find the change points in any series of results: where it became slower or faster for good.',
    load: async () => (await import('./commands/detect.ts')).detectCommand,
  },
  {
    name: 'doctor',
    description: 'Check whether this machine can run a benchmark, and show how to fix what is missing.',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand,
  },
];
