/**
 * Records the histories in test/histories: the decisions of today's workflows, against which later versions are replayed.
 * `npm run record-histories` writes the missing ones. A recorded history belongs to a released version and never changes.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { recordHistories } from '../test/support/record-histories.ts';

const FOLDER = new URL('../test/histories/', import.meta.url);

for (const { name, history } of await recordHistories((name) => !existsSync(new URL(`${name}.json`, FOLDER)))) {
  writeFileSync(new URL(`${name}.json`, FOLDER), `${history}\n`);
  console.log(`recorded ${name}`);
}
