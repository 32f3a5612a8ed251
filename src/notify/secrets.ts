/** Reads secrets where a receiver says they are. No message shows one. */
import { readFile } from 'node:fs/promises';
import { wrongUsage } from '../model/failure.ts';
import type { Receiver, SecretPlace } from '../model/notify.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** @throws PacelineError WrongUsage if the variable is not set or the file cannot be read */
export async function secretAt(place: SecretPlace, env: Environment): Promise<string> {
  const text = 'env' in place ? env[place.env] : await textOf(place.file);
  const secret = text?.trim() ?? '';
  if (secret !== '') return secret;
  throw 'env' in place
    ? wrongUsage(`The variable ${place.env} is not set.`, "Set it in the worker's environment, and restart the worker.")
    : wrongUsage(`The file ${place.file} is empty.`, 'Write the secret into it.');
}

/** @throws PacelineError WrongUsage if it is missing, or not a URL of one of the protocols */
export async function urlOf({ name, url }: Receiver, protocols: readonly string[], env: Environment): Promise<URL> {
  const parsed = URL.parse('text' in url ? url.text : await secretAt(url, env));
  if (parsed !== null && protocols.includes(parsed.protocol)) return parsed;
  throw wrongUsage(
    `The URL of receiver ${name} is not valid.`,
    `Write a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}.`,
  );
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw wrongUsage(`The file ${file} cannot be read (${code}).`, 'Make it readable for the worker.');
  }
}
