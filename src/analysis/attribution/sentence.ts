import type { Attribution } from '../../model/regression.ts';
import { formatRatio, formatSeconds } from '../../format/format-quantity.ts';

/** "Of this: 92 % in test tests/test_a.py::test_x (2 s before, 4 s now); 15 % in fixture db." null where nothing is known. */
export function attributionSentence(attributions: readonly Attribution[]): string | null {
  const words = attributionWords(attributions);
  return words === null ? null : `Of this: ${words}.`;
}

/** The same without its beginning and end: the three largest shares. */
export function attributionWords(attributions: readonly Attribution[]): string | null {
  if (attributions.length === 0) return null;
  const parts = attributions.slice(0, 3).map(({ kind, name, share, baseSeconds, headSeconds }) => {
    return `${formatRatio(Math.min(1, share))} in ${kind} ${name} (${formatSeconds(baseSeconds)} before, ${formatSeconds(headSeconds)} now)`;
  });
  return parts.join('; ');
}
