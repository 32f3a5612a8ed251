/** How this worker offers its host to a run. */
import type { HostClaim } from '../model/host-claim.ts';
import { PacelineError } from '../model/failure.ts';

/**
 * @param parts.isOurServer whether the server that asks is ours: runs of another server belong to its own workers
 * @returns the function behind `claimHost` @throws PacelineError NoHost for a run of another server
 */
export function hostClaims(parts: {
  readonly host: Omit<HostClaim, 'searchAttributes' | 'pagesUrl'>;
  readonly dataDirectory: string;
  readonly isOurServer: () => boolean;
  /** Where the pages are at this moment; null if they are not served. */
  readonly pagesUrl: () => string | null;
  /** Paceline's search attributes that the server has. */
  readonly searchAttributes: () => Promise<HostClaim['searchAttributes']>;
}): () => Promise<HostClaim> {
  return async () => {
    const searchAttributes = await parts.searchAttributes();
    if (!parts.isOurServer()) throw runOfAnother(parts.dataDirectory);
    return { ...parts.host, searchAttributes, pagesUrl: parts.pagesUrl() };
  };
}

/** The other server reports this error. Its own worker takes the run at the next try. */
function runOfAnother(dataDirectory: string): PacelineError {
  return new PacelineError({
    type: 'NoHost',
    what: `The worker of ${dataDirectory} is connected to the wrong Temporal server: another one took its port.`,
    next: 'No action is needed: this worker stops, and a worker of the right server takes the run.',
  });
}
