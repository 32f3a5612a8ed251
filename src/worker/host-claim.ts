/** How this worker offers its host to a run. */
import type { HostClaim } from '../model/host-claim.ts';
import { PacelineError } from '../model/failure.ts';

/**
 * @param parts.itself whether who answers is the server that was meant: the runs of another are for that one's workers
 * @returns what `claimHost` calls @throws PacelineError NoHost for a run of another server
 */
export function hostClaims(parts: {
  readonly host: Omit<HostClaim, 'searchAttributes'>;
  readonly dataDirectory: string;
  readonly itself: () => boolean;
  /** Those of ours that the server knows. */
  readonly searchAttributes: () => Promise<HostClaim['searchAttributes']>;
}): () => Promise<HostClaim> {
  return async () => {
    const searchAttributes = await parts.searchAttributes();
    if (!parts.itself()) throw runOfAnother(parts.dataDirectory);
    return { ...parts.host, searchAttributes };
  };
}

/** Told at the other server, whose own worker takes the run at the next try. */
function runOfAnother(dataDirectory: string): PacelineError {
  return new PacelineError({
    type: 'NoHost',
    what: `The worker that asked for this run is of ${dataDirectory} and came to this Temporal server only because that took the port of its own.`,
    next: 'Nothing need be done: that worker ends, and the one of this server takes the run.',
  });
}
