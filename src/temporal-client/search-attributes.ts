/** Paceline's search attributes on a Temporal server: finds those that exist, and registers the others. */
import type { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES, type SearchAttributeName } from '../model/search-attributes.ts';

/** Temporal's IndexedValueType. @temporalio/proto has its names, but cannot be imported from ESM. */
const INDEXED_VALUE_TYPE = { Keyword: 2, Int: 3, Double: 4 } as const;

const NAMES = Object.keys(SEARCH_ATTRIBUTES) as SearchAttributeName[];

/** Paceline's search attributes that the server has with the right type. Empty if the server does not answer. */
export async function knownSearchAttributes(
  connection: Pick<Connection, 'operatorService'>,
  namespace: string,
): Promise<readonly SearchAttributeName[]> {
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    return NAMES.filter((name) => Number(customAttributes[name]) === INDEXED_VALUE_TYPE[SEARCH_ATTRIBUTES[name]]);
  } catch {
    // Without the right to list attributes, setting one could block workflows forever.
    return [];
  }
}

/**
 * Registers what is missing. Missing rights are not an error: runs work without search attributes, but cannot be searched.
 * @returns the attributes that are still missing, with the server's reason
 */
export async function registerSearchAttributes(
  connection: Pick<Connection, 'operatorService'>,
  namespace: string,
): Promise<{ readonly missing: readonly SearchAttributeName[]; readonly reason: string | null }> {
  const known = new Set(await knownSearchAttributes(connection, namespace));
  const missing = NAMES.filter((name) => !known.has(name));
  if (missing.length === 0) return { missing, reason: null };
  try {
    const searchAttributes = Object.fromEntries(
      missing.map((name): [string, number] => [name, INDEXED_VALUE_TYPE[SEARCH_ATTRIBUTES[name]]]),
    );
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
    return { missing: [], reason: null };
  } catch (error) {
    return { missing, reason: error instanceof Error ? error.message : String(error) };
  }
}
