/**
 * The message of a schema about a wrong value: a predicate ("is empty") and a sentence that says how to fix it. Zod carries one text, so
 * the two are its two lines.
 */
export function message(what: string, next: string): string {
  return `${what}\n${next}`;
}

export function splitMessage(text: string): { readonly what: string; readonly next: string } {
  const [what = '', next = ''] = text.split('\n');
  return { what, next };
}

/** "a list", "true": a value's kind as people call it in YAML. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'number') return Number.isFinite(value) ? `the number ${value}` : 'no number';
  return 'a section';
}
