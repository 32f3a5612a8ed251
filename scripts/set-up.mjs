#!/usr/bin/env node
import { pathToFileURL } from 'node:url';
import { browser } from './set-up/browser.mjs';
import { createContext, writeResult } from './set-up/context.mjs';
import { makeStandIns } from './set-up/make-stand-ins.mjs';
import { parts } from './set-up/parts.mjs';
import { CommandFailed } from './set-up/run.mjs';
import { CannotSetUp, say } from './set-up/say.mjs';

/**
 * Installs what this machine needs to run Paceline, and prints what and why. Plain JavaScript on Node's built-in modules: it
 * runs before anything is installed. On a complete machine it only checks, in well under two seconds.
 */
export async function setUp(options) {
  const context = createContext();
  const started = new Map();
  const bring = (part) => {
    if (!started.has(part.name)) started.set(part.name, bringPart(part));
    return started.get(part.name);
  };

  async function bringPart(part) {
    if (part.needs) await context.bring(part.needs);
    let found = await part.check(context);
    if (!found) {
      await context.lock();
      // The holder of the lock may have installed it in the meantime.
      found = (await part.check(context)) || (await part.install(context));
    }
    if (part.key) context.found[part.key] = found;
  }

  /** For a part that needs another part only if its usual way fails. */
  context.bring = (name) => bring(parts.find((other) => other.name === name));

  try {
    const outcomes = await Promise.allSettled([...parts, ...(options.tests ? [browser] : [])].map(bring));
    const failures = [
      ...new Set(outcomes.filter((outcome) => outcome.status === 'rejected').map((outcome) => outcome.reason)),
    ];
    if (failures.length > 0) throw failures.find((failure) => !(failure instanceof CannotSetUp)) ?? failures[0];
    for (const image of options.standIns ?? []) {
      await context.lock();
      await makeStandIns(context, context.found.docker, [image], 'requested');
    }
    return writeResult(context);
  } finally {
    await context.release();
  }
}

const isExpected = (error) => error instanceof CannotSetUp || error instanceof CommandFailed;

/**
 * For the scripts of `npm start` and `npm test`: runs set-up, or ends the process with a message and code 2.
 * @returns what set-up.json holds
 */
export async function setUpOrExit(options = {}) {
  try {
    return await setUp(options);
  } catch (error) {
    say(isExpected(error) ? error.message : `something went wrong: ${error.stack ?? error}`);
    process.exit(2);
  }
}

const usage = `usage: node scripts/set-up.mjs [--tests] [--stand-in IMAGE]...
  --tests           also what only the tests need: a browser
  --stand-in IMAGE  make a stand-in for IMAGE too, e.g. python:3.13
`;

function parse(args) {
  const options = { standIns: [] };
  for (let index = 0; index < args.length; index++) {
    if (args[index] === '--tests') options.tests = true;
    else if (args[index] === '--stand-in' && args[index + 1]) options.standIns.push(args[++index]);
    else {
      process.stderr.write(usage);
      process.exit(['-h', '--help'].includes(args[index]) ? 0 : 2);
    }
  }
  return options;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  await setUpOrExit(parse(process.argv.slice(2)));
