/** The receivers of all projects, from `notify` in the data directory's config.json. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { wrongUsage } from '../model/failure.ts';
import type { Receiver } from '../model/notify.ts';
import { completeReceiver, configReceiver, uniqueReceivers } from '../plan/notify.ts';

const CONFIG = z.looseObject({ notify: z.array(configReceiver).superRefine(uniqueReceivers).optional() });

/** @throws PacelineError WrongUsage that names what is wrong by its path, never by its value */
export async function configuredReceivers(dataDirectory: string): Promise<readonly Receiver[]> {
  const file = join(dataDirectory, 'config.json');
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return [];
  const config = CONFIG.safeParse(parsed(text, file));
  if (config.success) return (config.data.notify ?? []).map((written) => completeReceiver(written, 'config'));
  const [issue] = config.error.issues;
  const [what = '', next = ''] = issue!.message.split('\n');
  throw wrongUsage(
    `${file}: ${issue!.path.join('.')} ${what}.`.replace('..', '.'),
    next === '' ? 'See docs/notifications.md.' : next,
  );
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw wrongUsage(`${file} is not JSON.`, 'Fix it, or remove the file.');
  }
}
