/** Documents of others as they might come one day: a real one with anything in the place of any part of it. */
import * as fc from 'fast-check';

/** Any text, also invalid Unicode, long lines of one character, and any JSON. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.json(),
  fc
    .tuple(fc.constantFrom('{', '[', '"', '\n', ' ', '9', '\\', '$', '{"', 'a b\n'), fc.nat(20_000))
    .map(([part, times]) => part.repeat(times)),
);

/** The document with up to three of its parts replaced or taken away. */
export function damaged(whole: unknown): fc.Arbitrary<unknown> {
  const hits = fc.array(fc.tuple(fc.nat(), fc.option(fc.jsonValue(), { nil: undefined })), {
    minLength: 1,
    maxLength: 3,
  });
  return hits.map((all) => {
    const document = { whole: structuredClone(whole) };
    for (const [number, value] of all) {
      const places = placesOf(document);
      const [parent, key] = places[number % places.length] ?? [document, 'whole'];
      if (value === undefined && key !== 'whole') Reflect.deleteProperty(parent, key);
      else Reflect.set(parent, key, value ?? null);
    }
    return document.whole;
  });
}

function placesOf(node: object): [object, string][] {
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) => [
    [node, key] as [object, string],
    ...(typeof value === 'object' && value !== null ? placesOf(value) : []),
  ]);
}

/** The text with a piece cut out and another put in. */
export function cutText(whole: string): fc.Arbitrary<string> {
  return fc
    .tuple(fc.nat(whole.length), fc.nat(20), fc.string({ unit: 'binary', maxLength: 8 }))
    .map(([at, length, noise]) => whole.slice(0, at) + noise + whole.slice(at + length));
}
