/**
 * What the output of a trial's tests says about how they ended, as kinds with fields. Collectors recognise a hint in the
 * output once; everything after that reads the kind and never the text.
 */
export type OutputHint =
  | { readonly kind: 'wrongFormat' }
  /** `plugins` are the pytest plugins that know these options. */
  | { readonly kind: 'unrecognizedArguments'; readonly arguments: string; readonly plugins: readonly string[] }
  /** A test uses it, and `--strict-markers` is on. */
  | { readonly kind: 'unregisteredMarker'; readonly marker: string }
  /** The `-m` expression uses them. */
  | { readonly kind: 'unknownMarkers'; readonly markers: readonly string[] }
  | { readonly kind: 'differentTestsCollected'; readonly workers: readonly [string, string] }
  | { readonly kind: 'coverageThreshold'; readonly requiredPercent: string; readonly reachedPercent: string }
  /** `line` is what Python or the shell wrote. */
  | { readonly kind: 'missingPytest'; readonly line: string }
  | { readonly kind: 'missingModule'; readonly module: string }
  /** `target` as Python quotes it; null where the error names none. */
  | { readonly kind: 'permissionDenied'; readonly target: string | null; readonly error: string }
  | { readonly kind: 'coverageNotWritable'; readonly file: string }
  | { readonly kind: 'workerCrashed'; readonly test: string; readonly worker: string }
  | { readonly kind: 'conftestFailed'; readonly file: string | null; readonly error: string | null }
  | { readonly kind: 'collectionErrors'; readonly files: number }
  | { readonly kind: 'noSuchPath'; readonly path: string }
  | { readonly kind: 'internalError'; readonly error: string }
  /** pytest-xdist's controller raised an error; `distribution` is the `--dist` of its scheduler, null where another part did. */
  | { readonly kind: 'schedulerCrashed'; readonly distribution: string | null; readonly error: string }
  | { readonly kind: 'usageError'; readonly error: string }
  /** A line that starts with "ERROR:", of whatever program. */
  | { readonly kind: 'otherError'; readonly error: string }
  | { readonly kind: 'testTimeout'; readonly test: string; readonly seconds: number };

export type OutputHintKind = OutputHint['kind'];

/** @returns half a sentence without a full stop */
export function hintWords(hint: OutputHint): string {
  return wordsOf(hint).replace(/\.$/, '');
}

function wordsOf(hint: OutputHint): string {
  switch (hint.kind) {
    case 'wrongFormat':
      return 'a program could not be run (exec format error): its image is for another CPU architecture than this machine, or it is a script without a `#!` line';
    case 'unrecognizedArguments':
      return `unrecognized arguments: ${hint.arguments}${pluginWords(hint.plugins)}`;
    case 'unregisteredMarker':
      return `the marker \`${hint.marker}\` is not registered, and \`--strict-markers\` makes that an error`;
    case 'unknownMarkers':
      return `\`-m\` names markers that are not registered: ${hint.markers.join(', ')}`;
    case 'differentTestsCollected':
      return `different tests were collected between the workers ${hint.workers.join(' and ')}, so this suite cannot run in parallel`;
    case 'coverageThreshold':
      return `the coverage is ${hint.reachedPercent} %, below the required ${hint.requiredPercent} %`;
    case 'missingPytest':
      return 'the Python module `pytest` is missing in the image';
    case 'missingModule':
      return `the Python module \`${hint.module}\` is missing in the image`;
    case 'permissionDenied':
      return `permission denied ${hint.target === null ? hint.error : `for ${hint.target}`}`;
    case 'coverageNotWritable':
      return `coverage cannot write ${hint.file}: the user who runs the tests may not write there`;
    case 'workerCrashed':
      return `\`${hint.test}\` crashed its worker ${hint.worker}`;
    case 'conftestFailed':
      return hint.error ?? `${hint.file ?? 'a conftest.py'} could not be imported`;
    case 'collectionErrors':
      return `${hint.files} ${hint.files === 1 ? 'file' : 'files'} could not be collected`;
    case 'noSuchPath':
      return `there is no ${hint.path}`;
    case 'testTimeout':
      return `\`${hint.test}\` did not end within its timeout of ${hint.seconds} s (pytest-timeout, signal method)`;
    case 'schedulerCrashed':
      return `pytest-xdist's own scheduler${hint.distribution === null ? '' : ` for --dist ${hint.distribution}`} crashed: ${hint.error}`;
    case 'internalError':
    case 'usageError':
    case 'otherError':
      return hint.error;
  }
}

function pluginWords(plugins: readonly string[]): string {
  const verb = plugins.length === 1 ? 'is' : 'are';
  return plugins.length === 0 ? '' : ` (${plugins.join(' and ')} ${verb} not installed in the image)`;
}
