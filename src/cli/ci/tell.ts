/** Tells GitHub Actions what a job found: annotations, the step summary and the outputs. */
import { randomUUID } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import type { CiOutcome } from '../../model/ci-outcome.ts';
import { annotation } from '../../report/formats/github.ts';
import type { Io } from '../io.ts';

export async function tellGithub(outcome: CiOutcome, summary: string, isRecorded: boolean, io: Io): Promise<void> {
  if (io.env['GITHUB_ACTIONS'] === 'true') for (const line of annotationsOf(outcome)) io.out(`${line}\n`);
  const { GITHUB_STEP_SUMMARY: summaryFile, GITHUB_OUTPUT: outputFile } = io.env;
  if (summaryFile) await appendFile(summaryFile, summary);
  if (outputFile) await appendFile(outputFile, outputsOf(outcome, isRecorded));
}

/** What fails the job is an error, the rest a warning. Each stands at the file that it is about, if that is known. */
export function annotationsOf({ project, moved, alerts, errors, fails, verdict, summary }: CiOutcome): string[] {
  const title = `Paceline: ${project}`;
  const slower = moved.filter(({ direction }) => direction === 'slower');
  const told = new Set(slower.map(({ message }) => message));
  return [
    ...errors.map(({ what, next }) => annotation('error', title, `${what} ${next}`)),
    ...slower.map(({ state, message, causes }) =>
      annotation(state === 'confirmed' && fails ? 'error' : 'warning', title, message, causes[0]?.place ?? null),
    ),
    ...alerts
      .filter(({ kind, message }) => kind !== 'change' && !told.has(message))
      .map(({ kind, message }) => {
        const decides = fails && (kind === 'failure' || (kind === 'target' && verdict === 'missed'));
        return annotation(decides ? 'error' : 'warning', title, message);
      }),
    ...(verdict === 'inconclusive' ? [annotation('warning', title, `Inconclusive. ${summary}`)] : []),
  ];
}

/** In the format of GITHUB_OUTPUT with a delimiter that no value can hold. */
export function outputsOf(
  { verdict, totalSeconds, files, alerts, moved }: CiOutcome,
  isRecorded: boolean,
  delimiter: string = randomUUID(),
): string {
  const outputs = {
    verdict,
    total: totalSeconds === null ? '' : String(Math.round(totalSeconds * 1_000) / 1_000),
    report: files.report,
    alerts: JSON.stringify(alerts),
    moved: JSON.stringify(moved.map(({ title, state, direction, ratio }) => ({ title, state, direction, ratio }))),
    recorded: String(isRecorded),
  };
  return Object.entries(outputs)
    .map(([name, value]) => `${name}<<${delimiter}\n${value}\n${delimiter}\n`)
    .join('');
}
