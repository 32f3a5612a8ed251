/** Starts the program in this process, with the compile cache of earlier starts. */
import { mkdirSync } from 'node:fs';
import { enableCompileCache, registerHooks } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { program } from './paths.js';

// In the user's own directory: code from a directory that others can write must not be run.
const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'paceline', 'compile-cache');
try {
  mkdirSync(folder, { recursive: true });
  enableCompileCache(folder);
} catch {
  // A home that cannot be written only costs speed.
}
// Zod has its messages in fifty languages, a file each, and Paceline has its own: to load them takes a seventh of a short command.
const nothing = { url: 'data:text/javascript,export%20{}', format: 'module', shortCircuit: true };
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '../locales/index.js' && context.parentURL?.includes('/node_modules/zod/')
      ? nothing
      : next(specifier, context),
});
await import(program);
