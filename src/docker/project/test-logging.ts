/**
 * Where the engine keeps the output of the tests. The output is part of the result, so the project's settings must not
 * lose any of it.
 */
import type { ComposeModel } from '../compose/compose-model.ts';

/**
 * Every option is named, because the engine fills in missing ones from its own configuration. There is no option for
 * "no rotation", so the limit is one that no output reaches. The engine removes the file with the trial's container.
 */
export const TEST_LOGGING = {
  driver: 'json-file',
  options: { 'max-size': '1000g', 'max-file': '1', compress: 'false', mode: 'blocking' },
} as const;

/** What is changed in the test service's own logging, one sentence; none if it has none. */
export function loggingNotes({ services }: ComposeModel, test: string): readonly string[] {
  const own = services[test]?.logging;
  if (own === undefined) return [];
  const driver = own.driver === undefined ? '' : ` (driver \`${own.driver}\`)`;
  return [
    `The \`logging\` of \`${test}\`${driver} is not used: the tests' output is kept whole until it has been read.`,
  ];
}
