/** Where the store of a test is: a separate file or, in postgres.docker.test.ts, a separate database. */
import type { StoreOptions } from '../../src/store/store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let make = async (): Promise<StoreOptions> => ({ dataDirectory: temporaryFolder() });

/** For every test that is defined after it. */
export function usePlaces(places: () => Promise<StoreOptions>): void {
  make = places;
}

export function freshPlace(): Promise<StoreOptions> {
  return make();
}
