/** What people should know of a file that was imported, in words. */
import type { ReadingNote } from '../../data/interchange/index.ts';
import type { KeptInstead } from '../../store/imported.ts';

/** Of a kind so many are shown; `--json` has all. */
const SHOWN = 5;

type NoteOf<Kind extends ReadingNote['kind']> = Extract<ReadingNote, { kind: Kind }>;

/** One line each: what is left out first, then what was taken for what. */
export function importNotes(notes: readonly ReadingNote[], instead: readonly KeptInstead[]): string[] {
  const of = <Kind extends ReadingNote['kind']>(kind: Kind) =>
    notes.filter((note): note is NoteOf<Kind> => note.kind === kind);
  return [
    ...some(of('leftOut'), ({ place, name, why }) => `Left out: \`${name}\` (${place}): ${why}.`),
    ...some(
      instead,
      ({ given, kept }) =>
        `Left out: \`${given.name}\` of ${given.at}: ${figure(given)} here, and ${figure(kept)} is kept already. ` +
        'Import the file with another --as to keep both.',
    ),
    ...some(
      of('keptApart'),
      ({ place, name, as }) =>
        `Kept apart: \`${name}\` (${place}) is called \`${as}\`, because another figure has its name and moment.`,
    ),
    ...some(
      of('severalUnits'),
      ({ name, units }) =>
        `\`${name}\` has figures in several units (${units.map((unit) => unit || 'none given').join(', ')}), which are kept as they are.`,
    ),
    ...some(
      [...Map.groupBy(of('noCommit'), ({ text }) => text).values()].map(([first]) => first!),
      ({ place, text }) => `\`${text}\` (${place}) is not the id of a commit, and is not kept as one.`,
    ),
    ...zonesText(of('zoneAssumed')),
  ];
}

function zonesText(zones: readonly NoteOf<'zoneAssumed'>[]): string[] {
  const [first] = zones;
  if (first === undefined) return [];
  const said = `${first.time} (${first.place})`;
  return [
    zones.length === 1
      ? `One date has no zone and is read as UTC: ${said}.`
      : `${zones.length} dates have no zone and are read as UTC; the first is ${said}.`,
  ];
}

function some<T>(notes: readonly T[], worded: (note: T) => string): string[] {
  const shown = notes.slice(0, SHOWN).map(worded);
  const more = notes.length - shown.length;
  return more === 0 ? shown : [...shown, `… and ${more} more like this; --json lists them.`];
}

function figure({ value, unit }: { readonly value: number; readonly unit: string }): string {
  return unit === '' ? String(value) : `${value} ${unit}`;
}
