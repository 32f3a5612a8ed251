/** Where the engine keeps the output of the tests: it is a part of the result, so no setting of the project's may lose some. */
import type { ComposeModel } from '../compose/compose-model.ts';

/**
 * Each option is named, for the engine fills in those that are left out from its own configuration. Without rotation, which
 * has no word of its own: a limit that no output reaches. The engine removes the file with the trial's container.
 */
export const TEST_LOGGING = {
  driver: 'json-file',
  options: { 'max-size': '1000g', 'max-file': '1', compress: 'false', mode: 'blocking' },
} as const;

/** What is changed of the test service's own logging, one sentence; none if it has none. */
export function loggingNotes({ services }: ComposeModel, test: string): readonly string[] {
  const own = services[test]?.logging;
  if (own === undefined) return [];
  const driver = own.driver === undefined ? '' : ` (driver \`${own.driver}\`)`;
  return [
    `The \`logging\` of \`${test}\`${driver} is not used: the tests' output is kept whole until it has been read.`,
  ];
}
