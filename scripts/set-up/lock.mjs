import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './say.mjs';

/**
 * One set-up at a time for one cache directory: two would install the same packages and make the same images twice. The lock is
 * a directory (mkdir is atomic everywhere). Its owner file shows whether the holder is alive.
 */
export async function lock(folder) {
  let told = false;
  for (;;) {
    try {
      mkdirSync(folder);
      writeFileSync(join(folder, 'owner.new'), identity(process.pid));
      renameSync(join(folder, 'owner.new'), join(folder, 'owner'));
      const release = () => rmSync(folder, { recursive: true, force: true });
      process.once('exit', release);
      return release;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (isStale(folder)) takeAway(folder);
    else {
      if (!told) say('another set-up is running; waiting for it');
      told = true;
      await sleep(300);
    }
  }
}

/** The pid may have been reused. On Linux the start time shows it. */
function identity(pid) {
  try {
    return `${pid} ${
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[19]
    }`;
  } catch {
    return `${pid}`;
  }
}

function isStale(folder) {
  let owner;
  try {
    owner = readFileSync(join(folder, 'owner'), 'utf8');
  } catch {
    // The holder is between mkdir and rename, or was killed there.
    try {
      return Date.now() - statSync(folder).mtimeMs > 10_000;
    } catch {
      return false;
    }
  }
  try {
    process.kill(Number(owner.split(' ')[0]), 0);
  } catch (error) {
    return error.code === 'ESRCH';
  }
  return identity(Number(owner.split(' ')[0])) !== owner;
}

/** Renamed first: if two processes find a stale lock, only one removes it, and never a fresh one. */
function takeAway(folder) {
  const aside = `${folder}.stale.${process.pid}`;
  try {
    renameSync(folder, aside);
    rmSync(aside, { recursive: true, force: true });
  } catch {}
}
