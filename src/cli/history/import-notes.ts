/** Notes about an imported file. */
import type { ReadingNote } from '../../data/interchange/index.ts';
import type { KeptInstead } from '../../store/imported.ts';

/** Maximum number of notes of one kind. `--json` prints all. */
const SHOWN = 5;

type NoteOf<Kind extends ReadingNote['kind']> = Extract<ReadingNote, { kind: Kind }>;

/** One line each: first what was skipped, then what was changed or assumed. */
export function importNotes(notes: readonly ReadingNote[], instead: readonly KeptInstead[]): string[] {
  const of = <Kind extends ReadingNote['kind']>(kind: Kind) =>
    notes.filter((note): note is NoteOf<Kind> => note.kind === kind);
  return [
    ...some(of('leftOut'), ({ place, name, why }) => `Skipped: \`${name}\` (${place}): ${why}.`),
    ...some(
      instead,
      ({ given, kept }) =>
        `Skipped: \`${given.name}\` of ${given.at}: it is ${figure(given)} here, but ${figure(kept)} is already stored. ` +
        'To keep both, import the file under another name with --as NAME.',
    ),
    ...some(
      of('keptApart'),
      ({ place, name, as }) =>
        `Renamed: \`${name}\` (${place}) is stored as \`${as}\`, because another figure has the same name and time.`,
    ),
    ...some(
      of('severalUnits'),
      ({ name, units }) =>
        `\`${name}\` has figures in several units (${units.map((unit) => unit || 'no unit').join(', ')}). They are stored unchanged.`,
    ),
    ...some(
      [...Map.groupBy(of('noCommit'), ({ text }) => text).values()].map(([first]) => first!),
      ({ place, text }) => `\`${text}\` (${place}) is not the id of a commit, and is ignored.`,
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
      ? `One date has no time zone and is read as UTC: ${said}.`
      : `${zones.length} dates have no time zone and are read as UTC. The first is ${said}.`,
  ];
}

function some<T>(notes: readonly T[], worded: (note: T) => string): string[] {
  const shown = notes.slice(0, SHOWN).map(worded);
  const more = notes.length - shown.length;
  return more === 0 ? shown : [...shown, `… and ${more} more of this kind. --json lists them.`];
}

function figure({ value, unit }: { readonly value: number; readonly unit: string }): string {
  return unit === '' ? String(value) : `${value} ${unit}`;
}
