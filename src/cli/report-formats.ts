/** `--format` of commands that show a run: one for the screen, or several as files. */
import { InvalidArgumentError, Option } from 'commander';
import { wrongUsage } from '../model/failure.ts';
import { RUN_FORMAT_NAMES, type RunFormat } from '../report/formats/run-formats.ts';

export type ReportFormat = 'terminal' | 'html' | RunFormat;

const NAMES: readonly ReportFormat[] = ['terminal', 'html', ...RUN_FORMAT_NAMES];

/** May be repeated. @param what what the option does, as its help says it */
export function formatOption(what: string): Option {
  const option = new Option('--format <format>', `${what} (choices: ${NAMES.join(', ')})`);
  return option.argParser<readonly ReportFormat[]>((text, before) => [...(before ?? []), formatNamed(text)]);
}

function formatNamed(text: string): ReportFormat {
  const name = NAMES.find((each) => each === text);
  if (name === undefined) throw new InvalidArgumentError(`Allowed choices are ${NAMES.join(', ')}.`);
  return name;
}

/** The formats that become files. */
export function fileFormats(formats: readonly ReportFormat[] = []): readonly RunFormat[] {
  return formats.filter((format) => format !== 'terminal' && format !== 'html');
}

/** Several formats, or any at all where the screen shows something else, need a directory. @throws PacelineError WrongUsage */
export function checkFormats(formats: readonly ReportFormat[] = [], output: string | undefined, most: number): void {
  if (output !== undefined || formats.length <= most) return;
  throw wrongUsage(
    `--format ${formats.join(' --format ')} needs a directory for the files.`,
    `Specify it with --output DIR${most === 0 ? '' : ', or specify one format'}.`,
  );
}
