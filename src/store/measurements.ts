/** Converts measurements to rows and back. */
import type { Insertable, Selectable } from 'kysely';
import type { MeasuredValue, Measurement, Subject } from '../model/measurement.ts';
import type { RunRef } from '../model/run.ts';
import { batches, type Database, type Trx } from './database.ts';
import type { MeasurementTable } from './schema.ts';

/** @param owner what they are committed with: a stage's name or `trialOwner` */
export async function insertMeasurements(
  trx: Trx,
  run: RunRef,
  owner: string,
  measurements: readonly Measurement[],
): Promise<void> {
  const rows = measurements.map((measurement, position) => toRow(run, owner, position, measurement));
  for (const batch of batches(rows)) await trx.insertInto('measurement').values(batch).execute();
}

/** All measurements of a run, for each owner in the order of their commit. */
export async function measurementsOf(db: Database, runId: string): Promise<Measurement[]> {
  const rows = await db
    .selectFrom('measurement')
    .selectAll()
    .where('runId', '=', runId)
    .orderBy('owner')
    .orderBy('position')
    .execute();
  return rows.map(fromRow);
}

function toRow(
  { runId }: RunRef,
  owner: string,
  position: number,
  { metric, unit, value, source, subject }: Measurement,
): Insertable<MeasurementTable> {
  return {
    runId,
    owner,
    position,
    metric,
    unit,
    source,
    kind: value.kind,
    value: value.kind === 'measured' ? value.value : null,
    reason: value.kind === 'measured' ? null : value.reason,
    scenarioId: subject.scenario ?? null,
    trial: subject.trial ?? null,
    try: subject.try ?? null,
    service: subject.service ?? null,
  };
}

function fromRow(row: Selectable<MeasurementTable>): Measurement {
  const { metric, unit, source } = row;
  return { metric, unit, value: valueOf(row), source, subject: subjectOf(row) };
}

function valueOf({ kind, value, reason }: Selectable<MeasurementTable>): MeasuredValue {
  return kind === 'measured' ? { kind, value: value! } : { kind, reason: reason! };
}

function subjectOf({ scenarioId, trial, try: attempt, service }: Selectable<MeasurementTable>): Subject {
  return {
    ...(scenarioId === null ? {} : { scenario: scenarioId }),
    ...(trial === null ? {} : { trial }),
    ...(attempt === null ? {} : { try: attempt }),
    ...(service === null ? {} : { service }),
  };
}
