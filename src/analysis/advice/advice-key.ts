/** What a piece of advice is called in its run, and what it is known by in later ones. */
import type { AdviceKey } from '../../model/advice.ts';
import { hashOf } from '../../model/hash.ts';
import type { Advice } from '../../model/result.ts';

/** Made of the audit, the place, the remedy and its figure: the same advice of another run has the same key. */
export function adviceKey({ id, where, remedy, saves }: Pick<Advice, 'id' | 'where' | 'remedy' | 'saves'>): AdviceKey {
  const place = where === null ? null : [where.file, where.line];
  const figure = saves === null ? null : [saves.figure, saves.scenario ?? null];
  return { audit: id, fingerprint: hashOf(JSON.stringify([id, place, remedy, figure])) };
}

/** The key as one text. */
export function keyText({ audit, fingerprint }: AdviceKey): string {
  return `${audit}/${fingerprint}`;
}

/** The audit's id, with a number where it gave several pieces of advice: `healthcheck-interval.2`. In the order given. */
export function adviceNames(advice: readonly Pick<Advice, 'id'>[]): readonly string[] {
  const seen = new Map<string, number>();
  return advice.map(({ id }) => {
    const number = (seen.get(id) ?? 0) + 1;
    seen.set(id, number);
    return advice.filter((each) => each.id === id).length === 1 ? id : `${id}.${number}`;
  });
}
