/** Figures of other tools. They are stored separately and never used as a baseline. */
import { type ExternalPoint, pointKey } from '../model/external-point.ts';
import { batches, type Database, query, transact } from './database.ts';
import { fromJson, toJson } from './json.ts';

export interface ImportedFilter {
  readonly origin?: string;
  readonly name?: string;
}

export interface ImportedSeries {
  readonly origin: string;
  readonly name: string;
  readonly measure: string;
  readonly points: number;
  readonly from: string;
  readonly until: string;
}

/** Stores all or none. Points that exist are not changed. @returns the number of new points */
export function importPoints(db: Database, origin: string, points: readonly ExternalPoint[]): Promise<number> {
  return transact(db, async (trx) => {
    let added = 0;
    for (const batch of batches(points)) {
      const rows = batch.map((point) => {
        const { name, measure, at, commit, value } = point;
        return { origin, name, measure, at, commitId: commit ?? '', value, point: toJson(point) };
      });
      const { numInsertedOrUpdatedRows } = await trx
        .insertInto('importedPoint')
        .values(rows)
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow();
      added += Number(numInsertedOrUpdatedRows ?? 0);
    }
    return added;
  });
}

/** A figure that is not stored, because another one with its name, time and commit is. */
export interface KeptInstead {
  readonly given: ExternalPoint;
  readonly kept: ExternalPoint;
}

/** The points that {@link importPoints} skips although they differ from what is stored. */
export function keptInstead(
  db: Database,
  origin: string,
  points: readonly ExternalPoint[],
): Promise<readonly KeptInstead[]> {
  return query(db, async () => {
    const found: KeptInstead[] = [];
    for (const given of batches(points)) {
      const rows = await db
        .selectFrom('importedPoint')
        .select('point')
        .where('origin', '=', origin)
        .where('name', 'in', [...new Set(given.map(({ name }) => name))])
        .where('at', 'in', [...new Set(given.map(({ at }) => at))])
        .execute();
      const kept = new Map(rows.map(({ point }) => fromJson(point)).map((point) => [pointKey(point), point]));
      for (const point of given) {
        const other = kept.get(pointKey(point));
        if (other !== undefined && !isSameFigure(point, other)) found.push({ given: point, kept: other });
      }
    }
    return found;
  });
}

function isSameFigure(a: ExternalPoint, b: ExternalPoint): boolean {
  return (['value', 'unit', 'better', 'low', 'high'] as const).every((key) => a[key] === b[key]);
}

/** Ordered by origin, name and measure; within a series oldest first. */
export function importedPoints(db: Database, { origin, name }: ImportedFilter = {}): Promise<readonly ExternalPoint[]> {
  return query(db, async () => {
    const rows = await db
      .selectFrom('importedPoint')
      .select('point')
      .$if(origin !== undefined, (builder) => builder.where('origin', '=', origin!))
      .$if(name !== undefined, (builder) => builder.where('name', '=', name!))
      .orderBy('origin')
      .orderBy('name')
      .orderBy('measure')
      .orderBy('at')
      .execute();
    return rows.map(({ point }) => fromJson(point));
  });
}

export function importedSeries(db: Database): Promise<readonly ImportedSeries[]> {
  return query(db, async () => {
    const rows = await db
      .selectFrom('importedPoint')
      .select(({ fn }) => [
        'origin',
        'name',
        'measure',
        fn.countAll<number>().as('points'),
        fn.min('at').as('since'),
        fn.max('at').as('until'),
      ])
      .groupBy(['origin', 'name', 'measure'])
      .orderBy('origin')
      .orderBy('name')
      .orderBy('measure')
      .execute();
    return rows.map(({ since, ...row }) => ({ ...row, from: since }));
  });
}
