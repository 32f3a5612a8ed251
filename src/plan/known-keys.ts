/** The keys of a plan, from its JSON Schema. A message about an unknown key offers them. */
import { closest, distance } from 'fastest-levenshtein';
import { type JsonSchema, planJsonSchema } from './json-schema.ts';

/** The keys that a section may hold. @param path of the section; numbers are places in a list */
export function knownKeys(path: readonly PropertyKey[]): string[] {
  let schemas = alternatives(planJsonSchema());
  for (const step of path) {
    schemas = schemas
      .flatMap(({ items, properties }) => (typeof step === 'number' ? items : properties?.[String(step)]))
      .filter((schema) => typeof schema === 'object' && !Array.isArray(schema))
      .flatMap((schema) => alternatives(schema as JsonSchema));
  }
  return schemas.flatMap(({ properties }) => Object.keys(properties ?? {}));
}

/** Every key with the sections before it: "trials.repeat", "scenarios[].name". */
export function keyPaths(): string[] {
  return pathsIn(planJsonSchema(), '');
}

/** The most similar name, if it may be a typing error; else null. */
export function nearest(name: string, names: readonly string[]): string | null {
  if (names.length === 0) return null;
  const fold = (text: string) => text.toLowerCase().replace(/[-_ ]/g, '');
  const folded = closest(fold(name), names.map(fold));
  const slips = distance(fold(name), folded);
  const isNear = slips <= 3 && slips < folded.length / 2 + 0.5;
  return isNear ? (names.find((candidate) => fold(candidate) === folded) ?? null) : null;
}

function pathsIn(schema: JsonSchema, path: string): string[] {
  return alternatives(schema).flatMap(({ properties = {}, items }) => [
    ...Object.entries(properties).flatMap(([key, inner]) => {
      const here = path === '' ? key : `${path}.${key}`;
      return typeof inner === 'object' ? [here, ...pathsIn(inner, here)] : [here];
    }),
    ...(typeof items === 'object' && !Array.isArray(items) ? pathsIn(items, `${path}[]`) : []),
  ]);
}

function alternatives(schema: JsonSchema): JsonSchema[] {
  return [schema, ...(schema.anyOf ?? [])];
}
