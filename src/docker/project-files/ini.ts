/** INI files as pytest reads them (iniconfig): `#` and `;` at the start of a line are comments, indented lines continue a value. */

export interface IniEntry {
  readonly name: string;
  /** From 1. */
  readonly line: number;
  readonly value: string;
}

export type Ini =
  | { readonly kind: 'sections'; readonly sections: ReadonlyMap<string, readonly IniEntry[]> }
  /** pytest refuses the file at this line. */
  | { readonly kind: 'invalid'; readonly line: number };

export function readIni(text: string): Ini {
  const sections = new Map<string, IniEntry[]>();
  let section: IniEntry[] | null = null;
  let names = new Set<string>();
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  for (const [index, written] of lines.entries()) {
    const line = /^\s*[#;]/.test(written) ? '' : written.trimEnd();
    const invalid = { kind: 'invalid', line: index + 1 } as const;
    if (line === '') continue;
    const header = /^\[(.*)\]$/.exec(line.split(/[#;]/)[0]?.trimEnd() ?? '');
    if (header !== null) {
      if (sections.has(header[1] ?? '')) return invalid;
      [section, names] = [[], new Set()];
      sections.set(header[1] ?? '', section);
      continue;
    }
    if (section === null) return invalid;
    const last = section.at(-1);
    if (/^\s/.test(line)) {
      if (last === undefined) return invalid;
      section[section.length - 1] = {
        ...last,
        value: last.value === '' ? line.trim() : `${last.value}\n${line.trim()}`,
      };
      continue;
    }
    const pair = /^([^=:]+)[=:](.*)$/.exec(line);
    const name = pair?.[1]?.trim() ?? '';
    if (name === '' || names.has(name)) return invalid;
    names.add(name);
    section.push({ name, line: index + 1, value: pair?.[2]?.trim() ?? '' });
  }
  return { kind: 'sections', sections };
}
