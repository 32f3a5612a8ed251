/** Starts the program in this process, with the compiled code of earlier starts. */
import { mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { program } from './paths.js';

// The user's own folder: code in a folder that others may write to must not be run.
const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'paceline', 'compile-cache');
try {
  mkdirSync(folder, { recursive: true });
  enableCompileCache(folder);
} catch {
  // A home that cannot be written to costs speed, and nothing else.
}
await import(program);
