import { z } from 'zod';
import { planSchema } from './schema.ts';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * JSON Schema (draft 2020-12) of paceline.yml as people write it; published as docs/plan.schema.json. What it accepts may
 * still be refused: no two scenarios of one name, one primary, commands that can be split.
 */
export function planJsonSchema(): JsonSchema {
  return { title: 'paceline.yml', ...z.toJSONSchema(planSchema, { io: 'input' }) };
}
