import { PacelineError } from '../model/failure.ts';

/**
 * The embedded server was down, and another process has its port now. Worker and clients know only that address, so the
 * holder closes everything and serves the same database file at another address.
 */
export class ServerDisplaced extends PacelineError {}
