/** A second process for lock.test.ts: takes the lock and keeps it until it is killed. */
import { acquireServeLock } from '../../src/data/lock.ts';

const lock = await acquireServeLock(process.argv[2] ?? '');
console.log(lock === null ? 'not held' : 'held');
setInterval(() => lock, 60_000);
