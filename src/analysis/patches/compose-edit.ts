/** Edits of a compose file: a key of a service is set where its mapping is written line by line. Pure. */
import type { ComposeFileFacts, ComposeKey, ProjectFiles } from '../../model/project-files.ts';
import type { Edit } from './make-patch.ts';

type Files = Pick<ProjectFiles, 'composeFiles' | 'texts'>;

/**
 * Sets `services.SERVICE.KEY…` to a scalar or a flow value, as YAML writes it (`500ms`, `[redis-server, --save, ""]`). The last file
 * that has the service's parent mapping is edited, for its value wins.
 * @returns null where the mapping is not there, or is written in a form that cannot be edited by lines (flow style, an anchor's)
 */
export function setComposeKey(
  files: Files | null | undefined,
  service: string,
  key: readonly string[],
  value: string,
): Edit | null {
  const path = ['services', service, ...key];
  const name = key.at(-1);
  if (files === null || files === undefined || name === undefined) return null;
  for (const facts of files.composeFiles.toReversed()) {
    const lines = files.texts?.find(({ file }) => file === facts.file)?.lines;
    if (lines === undefined) continue;
    const existing = find(facts, path);
    if (existing !== null) return replaced(facts, existing, lines, name, value);
    const parent = find(facts, path.slice(0, -1));
    if (parent !== null) return inserted(facts, parent, lines, name, value);
  }
  return null;
}

/** Removes `services.SERVICE.KEY…` with all that is below it. @returns null where it cannot be done by lines */
export function removeComposeKey(
  files: Files | null | undefined,
  service: string,
  key: readonly (string | number)[],
): Edit | null {
  if (files === null || files === undefined) return null;
  const path = ['services', service, ...key];
  for (const facts of files.composeFiles.toReversed()) {
    const lines = files.texts?.find(({ file }) => file === facts.file)?.lines;
    const existing = find(facts, path);
    if (lines === undefined || existing === null) continue;
    const written = lines[existing.line - 1];
    const last = path.at(-1);
    const start = typeof last === 'number' ? /^\s*-(?:\s|$)/ : ownLine(String(last));
    if (written === null || written === undefined || !start.test(written)) return null;
    return { kind: 'replace', file: facts.file, line: existing.line, endLine: endOf(existing.line, lines), lines: [] };
  }
  return null;
}

function find({ keys }: ComposeFileFacts, path: readonly (string | number)[]): ComposeKey | null {
  return (
    keys.find((key) => key.path.length === path.length && key.path.every((part, index) => part === path[index])) ?? null
  );
}

function replaced(
  { file }: ComposeFileFacts,
  { line }: ComposeKey,
  lines: readonly (string | null)[],
  name: string,
  value: string,
): Edit | null {
  const written = lines[line - 1];
  if (written === null || written === undefined || !ownLine(name).test(written)) return null;
  const endLine = endOf(line, lines);
  if (lines.slice(line - 1, endLine).includes(null)) return null;
  const comment = endLine === line ? (/\s+#.*$/.exec(written)?.[0] ?? '') : '';
  return { kind: 'replace', file, line, endLine, lines: [`${indentOf(written)}${name}: ${value}${comment}`] };
}

function inserted(
  { file, keys }: ComposeFileFacts,
  parent: ComposeKey,
  lines: readonly (string | null)[],
  name: string,
  value: string,
): Edit | null {
  const written = lines[parent.line - 1];
  const parentName = String(parent.path.at(-1));
  // The mapping must start on the next line: not `{…}`, not an anchor's or an alias's.
  if (written === null || written === undefined) return null;
  if (!ownLine(parentName).test(written) || !/:\s*(?:#.*)?$/.test(written)) return null;
  const child = keys.find(
    ({ path, line }) =>
      path.length === parent.path.length + 1 &&
      parent.path.every((part, index) => part === path[index]) &&
      line > parent.line &&
      line <= endOf(parent.line, lines),
  );
  const sibling = child === undefined ? undefined : lines[child.line - 1];
  const indent = sibling === null || sibling === undefined ? `${indentOf(written)}  ` : indentOf(sibling);
  return { kind: 'insert', file, line: parent.line + 1, lines: [`${indent}${name}: ${value}`] };
}

/** The last line of a key's value: the lines below that are indented more, blank lines between them included. */
function endOf(line: number, lines: readonly (string | null)[]): number {
  const indent = indentOf(lines[line - 1] ?? '').length;
  let end = line;
  for (let at = line + 1; at <= lines.length; at += 1) {
    const text = lines[at - 1];
    if (text === undefined) break;
    if (text !== null && text.trim() === '') continue;
    // A line that may hold a secret belongs to what is above it: changing it is refused later.
    const isItem = text !== null && indentOf(text).length === indent && /^\s*-(?:\s|$)/.test(text);
    const isBelow =
      text === null || indentOf(text).length > indent || (isItem && !/^\s*-(?:\s|$)/.test(lines[line - 1] ?? ''));
    if (!isBelow) break;
    end = at;
  }
  return end;
}

function indentOf(line: string): string {
  return /^\s*/.exec(line)?.[0] ?? '';
}

function ownLine(name: string): RegExp {
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^\\s*(?:"${escaped}"|'${escaped}'|${escaped})\\s*:(?:\\s|$)`);
}
