import { PacelineError } from '../model/failure.ts';

/**
 * The embedded server was down, and another process has its port now. Worker and clients know only that address: who served
 * it closes everything and serves anew, at another address, on the same database file.
 */
export class ServerDisplaced extends PacelineError {}
