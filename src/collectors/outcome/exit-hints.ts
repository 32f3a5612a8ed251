/** Reasons that pytest, its plugins and Python give in their output, recognised as typed hints. */
import { stripVTControlCharacters } from 'node:util';
import { wrongFormat } from '../../docker/project/platforms.ts';
import type { OutputHint } from '../../model/output-hint.ts';

type Recogniser = readonly [RegExp, (match: RegExpExecArray) => OutputHint];

/** The first match is reported: causes come before their effects. */
const HINTS: readonly Recogniser[] = [
  [
    /^.*unrecognized arguments: (.*)$/m,
    ([, args = '']) => ({ kind: 'unrecognizedArguments', arguments: args.trim(), plugins: pluginsFor(args) }),
  ],
  [
    /['"]([^'"\n]+)['"] not found in [`'"]?markers[`'"]? configuration option/,
    ([, marker = '']) => ({ kind: 'unregisteredMarker', marker }),
  ],
  [
    /Unknown marker\(s\) in '-m' expression: ([\w, ]+)\./,
    ([, markers = '']) => ({ kind: 'unknownMarkers', markers: markers.split(', ') }),
  ],
  [
    /Different tests were collected between (\S+) and (\S+?)\.?(?:\s|$)/,
    ([, a = '', b = '']) => ({ kind: 'differentTestsCollected', workers: [a, b] }),
  ],
  [
    /Required test coverage of ([\d.]+)% not reached\. Total coverage: ([\d.]+)%/,
    ([, requiredPercent = '', reachedPercent = '']) => ({ kind: 'coverageThreshold', requiredPercent, reachedPercent }),
  ],
  // pytest-cov before version 3.
  [
    /Coverage failure: total of ([\d.]+) is less than fail-under=([\d.]*\d)/,
    ([, reachedPercent = '', requiredPercent = '']) => ({ kind: 'coverageThreshold', requiredPercent, reachedPercent }),
  ],
  [
    /^.*(?:No module named '?pytest'?(?![\w.])|\bpytest: (?:command )?not found).*$/m,
    ([line]) => ({ kind: 'missingPytest', line: trimmed(line.trim()) }),
  ],
  [/No module named '?([\w.]+)'?/, ([, module = '']) => ({ kind: 'missingModule', module })],
  [/^(?:E\s+)?PermissionError: (.*)$/m, ([, error = '']) => permissionDenied(error)],
  // SQLite's only message for a folder that the tests' user may not write to.
  [
    /Couldn't use data file '([^']+)': unable to open database file/,
    ([, file = '']) => ({ kind: 'coverageNotWritable', file }),
  ],
  [
    /worker '(\w+)' crashed while running '([^'\n]+)'/,
    ([, worker = '', test = '']) => ({ kind: 'workerCrashed', test, worker }),
  ],
  // A worker of xdist reports this for a conftest that its controller could import.
  [
    /ConftestImportFailure: (.*)$/m,
    ([, error = '']) => ({ kind: 'conftestFailed', file: null, error: trimmed(error) }),
  ],
  [/ImportError while loading conftest '([^']+)'/, ([, file = '']) => ({ kind: 'conftestFailed', file, error: null })],
  [/(\d+) errors? during collection/, ([, files]) => ({ kind: 'collectionErrors', files: Number(files) })],
  [/^ERROR: file or directory not found: (.*)$/m, ([, path = '']) => ({ kind: 'noSuchPath', path })],
  // The last frame of the traceback is xdist's controller: an error of a worker or of a plugin is raised elsewhere.
  [
    /^INTERNALERROR> .*\bxdist[\\/](?:scheduler[\\/](load|loadscope|loadfile|loadgroup|worksteal)|dsession)\.py", line \d+, in (?!worker_internal_error)\w+\n(?:INTERNALERROR> {4,}[^\n]*\n)*INTERNALERROR> (\w[\w.]*(?:Error|Exception)(?::[^\n]*)?)$/m,
    ([, distribution, error = '']) => ({
      kind: 'schedulerCrashed',
      distribution: distribution ?? null,
      error: trimmed(error),
    }),
  ],
  [
    /^INTERNALERROR> (\w[\w.]*(?:Error|Exception|Exit|Failure): .*)$/m,
    ([, error = '']) => ({ kind: 'internalError', error: trimmed(error) }),
  ],
  [/^\S.*: error: (.*)$/m, ([, error = '']) => ({ kind: 'usageError', error: trimmed(error) })],
  [/^(?:ERROR|Error|error): (?!usage:)(.*)$/m, ([, error = '']) => ({ kind: 'otherError', error: trimmed(error) })],
];

/** The options of the plugins that scenarios use most. */
const PLUGIN_OPTIONS: readonly (readonly [RegExp, string])[] = [
  [/^(?:-n\d*|--numprocesses|--dist|--maxprocesses)(?:=|$)/, 'pytest-xdist'],
  [/^(?:--cov|--no-cov)/, 'pytest-cov'],
  [/^--timeout/, 'pytest-timeout'],
  [/^--reruns/, 'pytest-rerunfailures'],
];

/** @param output the end of the tests' output @returns null where nothing is recognised */
export function hintIn(output: string): OutputHint | null {
  // Colour escape sequences would separate the words.
  const plain = stripVTControlCharacters(output);
  if (wrongFormat(plain) !== null) return { kind: 'wrongFormat' };
  for (const [pattern, hintOf] of HINTS) {
    const match = pattern.exec(plain);
    if (match !== null) return hintOf(match);
  }
  return null;
}

/** A test that pytest-timeout failed by a signal; null where the output names none. */
export function timeoutHintIn(output: string): Extract<OutputHint, { kind: 'testTimeout' }> | null {
  const summary = /^FAILED (\S.*?) - Failed: Timeout \(?>([\d.]+)s/m.exec(stripVTControlCharacters(output));
  if (summary === null) return null;
  return { kind: 'testTimeout', test: summary[1] ?? '', seconds: Number(summary[2]) };
}

function pluginsFor(args: string): readonly string[] {
  const words = args.split(/\s+/);
  return PLUGIN_OPTIONS.filter(([option]) => words.some((word) => option.test(word))).map(([, plugin]) => plugin);
}

function permissionDenied(error: string): OutputHint {
  const target = /^\[Errno 13\] Permission denied: ?(.*)$/.exec(error)?.[1] ?? null;
  return { kind: 'permissionDenied', target, error };
}

function trimmed(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text.trim();
}
