/**
 * Kysely's PostgreSQL dialect, adapted to behave like SQLite, so that the same queries work on both. Write transactions take
 * turns, texts are compared by bytes and may contain NUL, and NaN is stored as no value.
 */
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type DataTypeNode,
  PostgresAdapter,
  PostgresDriver,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type TransactionSettings,
} from 'kysely';
import { Pool, TypeOverrides, types } from 'pg';

/** Concurrent activities of a worker. More of them wait here and not at the server. */
const CONNECTIONS = 4;
const CONNECT_MS = 10_000;
/** Another client's transaction takes milliseconds, unless the client hangs. */
const LOCK_MS = 30_000;
const STUCK_MS = 20_000;
/** An arbitrary lock number. Every writer to a Paceline store in this database takes this lock. */
const WRITERS = 7_304_112_026;

/** The dialect owns the connections: Kysely's `destroy` closes them. It connects at the first query. */
export function postgresDialect(url: string): Dialect {
  const config = { pool: async () => createPool(url) };
  return {
    createDriver: () => new WritersTakeTurns(config),
    createQueryCompiler: () => new Compiler(),
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  };
}

function createPool(url: string): Pool {
  const pool = new Pool({
    connectionString: url,
    application_name: 'paceline',
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    lock_timeout: LOCK_MS,
    idle_in_transaction_session_timeout: STUCK_MS,
    types: parsers(),
  });
  // A broken connection is replaced, and its query fails. Without a listener the error would end the process. The pool listens
  // only to idle connections.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** The equivalent of `begin immediate`: nothing that a transaction has read changes before it commits. */
class WritersTakeTurns extends PostgresDriver {
  override async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    await super.beginTransaction(connection, settings);
    await connection.executeQuery(CompiledQuery.raw(`select pg_advisory_xact_lock(${WRITERS})`));
  }
}

class Compiler extends PostgresQueryCompiler {
  /** Sorts and compares by bytes, whatever the language of the database is. */
  protected override visitDataType(node: DataTypeNode): void {
    super.visitDataType(node);
    if (node.dataType === 'text') this.append(' collate "C"');
  }

  protected override addParameter(parameter: unknown): void {
    super.addParameter(bindable(parameter));
  }
}

/** SQLite stores neither NaN nor -0. */
function bindable(value: unknown): unknown {
  if (typeof value === 'string') return withoutNul(value);
  if (Object.is(value, -0)) return 0;
  return Number.isNaN(value) ? null : value;
}

/** PostgreSQL texts cannot contain NUL. A private character replaces it, and is doubled where it occurs itself. */
const ESCAPE = '\u{f8f0}';
const NUL = '\0';

function withoutNul(text: string): string {
  if (!text.includes(NUL) && !text.includes(ESCAPE)) return text;
  return text.replaceAll(ESCAPE, `${ESCAPE}1`).replaceAll(NUL, `${ESCAPE}0`);
}

function withNul(text: string): string {
  if (!text.includes(ESCAPE)) return text;
  return text.replaceAll(`${ESCAPE}0`, NUL).replaceAll(`${ESCAPE}1`, ESCAPE);
}

/** For this pool only. Object ids of https://www.postgresql.org/docs/current/catalog-pg-type.html; counts have type int8. */
function parsers(): TypeOverrides {
  const overrides = new TypeOverrides();
  overrides.setTypeParser(types.builtins.INT8, Number);
  overrides.setTypeParser(types.builtins.TEXT, withNul);
  return overrides;
}
