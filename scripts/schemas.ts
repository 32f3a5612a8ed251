/** Writes the files that are made from others (`npm run schemas`): JSON schemas, the index of audits, the assets of the pages. */
import { writeFileSync } from 'node:fs';
import { planJsonSchema } from '../src/plan/json-schema.ts';
import { resultJsonSchema } from '../src/report/schema/result-schema.ts';
import { AUDITS_INDEX, auditsIndex } from './audits-index.ts';
import { PAGE_ASSETS, pageAssets } from './page-assets.ts';

/** Every published JSON Schema, by its file. */
export const SCHEMAS: Readonly<Record<string, () => Record<string, unknown>>> = {
  'docs/plan.schema.json': planJsonSchema,
  'docs/result.schema.json': resultJsonSchema,
};

export function schemaText(schema: () => Record<string, unknown>): string {
  return `${JSON.stringify(schema(), null, 2)}\n`;
}

if (import.meta.main) {
  for (const [file, schema] of Object.entries(SCHEMAS)) {
    writeFileSync(new URL(`../${file}`, import.meta.url), schemaText(schema));
  }
  writeFileSync(new URL(`../${AUDITS_INDEX}`, import.meta.url), auditsIndex());
  writeFileSync(new URL(`../${PAGE_ASSETS}`, import.meta.url), pageAssets());
}
