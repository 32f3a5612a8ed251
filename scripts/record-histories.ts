/**
 * Records the histories in test/histories: what a workflow of today decides, for later versions to be replayed against.
 * `npm run record-histories` writes those that are not there yet; a recorded one is a released shape and stays as it is.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { recordHistories } from '../test/support/record-histories.ts';

const FOLDER = new URL('../test/histories/', import.meta.url);

for (const { name, history } of await recordHistories((name) => !existsSync(new URL(`${name}.json`, FOLDER)))) {
  writeFileSync(new URL(`${name}.json`, FOLDER), `${history}\n`);
  console.log(`recorded ${name}`);
}
