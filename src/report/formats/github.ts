/** GitHub Actions' workflow commands: lines on stdout that the runner obeys. */
import type { RunResult } from '../../model/result.ts';
import { oneLine } from '../text/foreign.ts';

/** The limit of the original plan on the test phase. */
const SLOW_TESTS_SECONDS = 300;

/** Opens a fold in the log. Groups cannot be nested. */
export function groupStart(title: string): string {
  return `::group::${escapedData(oneLine(title))}`;
}

export const GROUP_END = '::endgroup::';

/**
 * The two warnings of the original plan, word for word, if the test phase exceeds 300 s; else none. As there, time counts in
 * whole seconds.
 */
export function slowTestWarnings(testSeconds: number | null): string[] {
  const seconds = Math.floor(testSeconds ?? 0);
  if (seconds <= SLOW_TESTS_SECONDS) return [];
  return [
    `::warning::Test execution time exceeded 5 minutes: ${seconds}s`,
    '::warning::Consider investigating performance regression',
  ];
}

/**
 * Annotations of a judged run. Alerts and errors that decide the verdict are errors. The rest, and a run that could not be
 * judged, are warnings. The two warnings of the original plan come first.
 */
export function annotations({ phases, alerts, errors, verdict, summary }: RunResult): string[] {
  return [
    ...slowTestWarnings(phases.test.seconds),
    ...errors.map(({ what, next }) => annotation('error', 'Paceline', `${what} ${next}`)),
    ...alerts.map(({ gate, message }) => annotation(gate ? 'error' : 'warning', 'Paceline', message)),
    ...(verdict === 'inconclusive' ? [annotation('warning', 'Paceline', `Inconclusive. ${summary}`)] : []),
  ];
}

/** Where an annotation is shown, relative to the top of the repository. Without a line it stands at the file. */
export interface AnnotationPlace {
  readonly file: string;
  readonly line: number | null;
}

export function annotation(
  level: 'error' | 'warning' | 'notice',
  title: string,
  message: string,
  place: AnnotationPlace | null = null,
): string {
  const properties = [
    ...(place === null ? [] : [`file=${escapedProperty(place.file)}`]),
    ...(place === null || place.line === null ? [] : [`line=${place.line}`]),
    `title=${escapedProperty(title)}`,
  ];
  return `::${level} ${properties.join(',')}::${escapedData(message)}`;
}

/** A line of the tests' own output: printed as it is, it could give the runner commands. */
export function foreignLine(line: string): string {
  return line.replace(/^(\s*)::/, '$1: :').replaceAll('##[', '# #[');
}

/** As the runner's own toolkit escapes a command's data: `%` first, then the line breaks that would end it. */
function escapedData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
