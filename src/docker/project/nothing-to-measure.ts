/** The message for a project that has neither a compose file nor a Dockerfile for its tests. */
import { type PacelineError, wrongUsage } from '../../model/failure.ts';
import { DEFAULT_COMPOSE_FILE } from '../compose/find-compose-files.ts';

export interface Lacking {
  /** What the user calls the project. */
  readonly where: string;
  readonly compose: string;
  readonly dockerfile: string;
  /** A compose file that exists and may be the right one. */
  readonly other?: string | undefined;
}

export function nothingToMeasure({ where, compose, dockerfile, other }: Lacking): PacelineError {
  const named = compose !== DEFAULT_COMPOSE_FILE;
  const hint =
    other === undefined ? '' : ` If ${other} has such a service, write \`compose: ${other}\` in paceline.yml.`;
  return wrongUsage(
    `There is no ${compose} in ${where}${named ? '' : `, and no ${dockerfile} either`}.`,
    named
      ? `Add ${compose}, or correct \`compose\` in paceline.yml.${hint}`
      : `Add ${compose} with a service \`test\` that runs the tests (examples/shop in Paceline's folder has one), or a ${dockerfile}.${hint} For a project elsewhere, use --project PATH.`,
  );
}
