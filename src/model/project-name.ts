/** What a project is called where its plan does not say. */

/** As in plans. Longer ones are cut at the front: the end tells projects of one repository apart. */
const MOST_CHARACTERS = 100;

/**
 * The repository's name, by its remote rather than by whatever folder it was cloned into, and the project's folder in it:
 * `shop`, or `shop/services/api`.
 *
 * @param place.remote a URL, or `owner/name` as CI has it; null for a repository without one, and outside git
 * @param place.folder where the repository is, or the project outside git
 * @param place.subfolder the project's folder in the repository
 */
export function projectNameOf(place: {
  readonly remote: string | null;
  readonly folder: string;
  readonly subfolder: string;
}): string {
  const repository = nameInUrl(place.remote ?? '') || lastPart(place.folder) || 'project';
  const name = [repository, ...place.subfolder.split('/')].filter((part) => part !== '' && part !== '.').join('/');
  const clean = name
    .replaceAll(/\p{Cc}/gu, ' ')
    .normalize('NFC')
    .trim();
  return clean.length <= MOST_CHARACTERS ? clean : clean.slice(-MOST_CHARACTERS).trim();
}

/** Users, passwords, hosts and queries are in none. */
function nameInUrl(url: string): string {
  const path = url
    .replace(/[?#].*$/s, '')
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '')
    .replace(/^[^/]*:/, '');
  return lastPart(path).replace(/^.*@/s, '');
}

function lastPart(path: string): string {
  const parts = path
    .replace(/\/+$/, '')
    .replace(/\/\.git$/, '')
    .split('/');
  return (parts.at(-1) ?? '').replace(/\.git$/, '');
}
