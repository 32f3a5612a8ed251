import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { describe, expect, it, test } from 'vitest';
import { planJsonSchema, type JsonSchema } from '../../src/plan/json-schema.ts';
import { keyPaths } from '../../src/plan/known-keys.ts';
import { parsePlanInput } from '../../src/plan/parse.ts';
import { resolvePlan } from '../../src/plan/resolve.ts';

const PAGE = readFileSync(new URL('../../docs/plan.md', import.meta.url), 'utf8');

/** "trials.repeat" → what its row gives as default. */
const DOCUMENTED = new Map(
  PAGE.split(/^## /m).flatMap((part) => {
    const section = /^`(\w+)`/.exec(part)?.[1];
    const prefix =
      section === undefined ? '' : section === 'scenarios' || section === 'notify' ? `${section}[].` : `${section}.`;
    return [...part.matchAll(/^\| `(\w+)` \| (.*?) ?\|/gm)].map(
      ([, key, fallback]) => [`${prefix}${key}`, fallback!] as const,
    );
  }),
);

describe('docs/plan.md', () => {
  it('has a row for every key, and for no other', () => {
    expect([...DOCUMENTED.keys()].sort()).toEqual(keyPaths().sort());
  });

  test.each(defaults(planJsonSchema()))('says that %s is %j by default', (path, value) => {
    const text =
      typeof value === 'string'
        ? value
        : stringify(value, { collectionStyle: 'flow', flowCollectionPadding: false }).trim();
    expect(DOCUMENTED.get(path)).toBe(`\`${text}\``);
  });

  it('shows a plan that is one', () => {
    const example = /```yaml\n(.*?)```/s.exec(PAGE)?.[1] ?? '';
    const { scenarios } = resolvePlan(parsePlanInput(example, { file: 'docs/plan.md' }), { folderName: 'shop' });
    expect(scenarios.map(({ name }) => name)).toEqual(['Full Test Suite', 'Quick Tests Only']);
  });
});

/** The defaults of all keys that are not sections; null and the matrix are described in words. */
function defaults(schema: JsonSchema, path = ''): [path: string, value: unknown][] {
  const sections = [schema, ...(schema.anyOf ?? [])];
  return sections.flatMap(({ properties = {} }) =>
    Object.entries(properties).flatMap(([key, property]): [string, unknown][] => {
      if (typeof property !== 'object') return [];
      const inner = defaults(property, `${path}${key}.`);
      const isWordy = property.default === undefined || property.default === null || key === 'scenarios';
      return inner.length > 0 || isWordy ? inner : [[`${path}${key}`, property.default]];
    }),
  );
}
