import { type MakeCheck, ok } from './check.ts';

/** Resolving the endpoint has already verified that the engine answers and has compose and buildx. */
export const engine: MakeCheck = ({ info, endpoint }) => {
  const { compose, buildx } = endpoint.versions;
  const where = endpoint.local
    ? ''
    : ` at ${endpoint.host}, which is not this machine: CPUs are not pinned, and one lane is used`;
  return ok('Engine', `Docker ${info.version}, compose ${compose}, buildx ${buildx}${where}`);
};
