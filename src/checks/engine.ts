import { type MakeCheck, ok } from './check.ts';

/** That the engine answers with compose and buildx is known once the endpoint was resolved. */
export const engine: MakeCheck = ({ info, endpoint }) => {
  const { compose, buildx } = endpoint.versions;
  const where = endpoint.local
    ? ''
    : ` at ${endpoint.host}, not this machine: CPUs are not pinned, and one lane is used`;
  return ok('Engine', `Docker ${info.version}, compose ${compose}, buildx ${buildx}${where}`);
};
