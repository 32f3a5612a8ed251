/**
 * Runs the benchmark with Temporal's own command line: starts it, and queries its progress and result. Paceline's client is not
 * used; only the text on the screen is Paceline's.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { exitCode } from '../../src/analysis/judge/exit-code.ts';
import { LegacyView } from '../../src/cli/run/legacy-view.ts';
import { renderSeedReason, renderSeedResults, seedSeconds } from '../../src/report/formats/legacy-script.ts';

const paceline = fileURLToPath(new URL('../../bin/paceline.js', import.meta.url));
const ERROR = 2;

process.exitCode = await benchmark(process.argv.slice(2));

async function benchmark(flags) {
  const planned = spawnSync(process.execPath, [paceline, 'plan', '--json', '--own-command', ...flags], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (planned.status !== 0) return planned.status ?? ERROR;
  const workflowId = start(planned.stdout);
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => temporal('cancel', '--workflow-id', workflowId));
  const result = await follow(workflowId);
  if (!result) return ERROR;
  process.stdout.write(renderSeedResults(seedSeconds(result)));
  // Temporal's command line prints an empty list as null.
  process.stderr.write(renderSeedReason({ ...result, errors: result.errors ?? [] }));
  return exitCode(result.verdict, { strict: false });
}

function start(input) {
  const folder = mkdtempSync(join(tmpdir(), 'paceline-ci-'));
  const time = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  const workflowId = `benchmark/ci/${time}-${process.pid}`;
  try {
    const file = join(folder, 'input.json');
    writeFileSync(file, input);
    temporal(
      'start',
      '--type',
      'benchmark',
      '--task-queue',
      'paceline',
      '--workflow-id',
      workflowId,
      '--input-file',
      file,
    );
    return workflowId;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Shows the phases when they start. @returns the result, also of a cancelled run; null if there is none */
async function follow(workflowId) {
  const silent = { show: () => {}, line: () => {}, close: () => {} };
  const view = new LegacyView((text) => process.stdout.write(text), silent);
  for (;;) {
    const running =
      JSON.parse(temporal('describe', '--workflow-id', workflowId)).workflowExecutionInfo.status ===
      'WORKFLOW_EXECUTION_STATUS_RUNNING';
    const progress = progressOf(workflowId);
    if (progress) view.show(progress);
    if (!running) return resultOf(workflowId) ?? progress?.result ?? null;
    await sleep(1_000);
  }
}

/** Temporal's command line prints an empty list as null. @returns null while no worker answers */
function progressOf(workflowId) {
  const answer = spawnSync(
    'temporal',
    ['workflow', 'query', '--type', 'progress', '--workflow-id', workflowId, '--output', 'json'],
    { encoding: 'utf8' },
  );
  if (answer.status !== 0) return null;
  const [progress] = JSON.parse(answer.stdout).queryResult;
  return { ...progress, steps: progress.steps ?? [] };
}

function resultOf(workflowId) {
  const answer = spawnSync('temporal', ['workflow', 'result', '--workflow-id', workflowId, '--output', 'json'], {
    encoding: 'utf8',
  });
  if (answer.status === 0) return JSON.parse(answer.stdout).result;
  process.stderr.write(answer.stderr || answer.stdout);
  return null;
}

function temporal(command, ...argv) {
  return execFileSync('temporal', ['workflow', command, ...argv, '--output', 'json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}
