/**
 * Changes a text that stands between others. What makes text harmless also trims it, and a part of a sentence starts or ends with the
 * space to its neighbour.
 */
export function keepingSpaces(text: string, change: (text: string) => string): string {
  if (text.trim() === '') return text === '' ? '' : ' ';
  return `${/^\s/.test(text) ? ' ' : ''}${change(text)}${/\s$/.test(text) ? ' ' : ''}`;
}
