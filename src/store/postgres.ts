/**
 * Kysely's PostgreSQL dialect, made to behave as SQLite's does, so that one set of queries is right on both: transactions
 * that write take turns, texts compare by their bytes and may hold a NUL, and a number that is none is no value.
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

/** A worker's activities beside each other; the rest waits here instead of at the server. */
const CONNECTIONS = 4;
const CONNECT_MS = 10_000;
/** Another's transaction takes milliseconds, unless it is stuck or its host froze. */
const LOCK_MS = 30_000;
const STUCK_MS = 20_000;
/** Any number that is ours: who writes to a Paceline store of this database takes this lock. */
const WRITERS = 7_304_112_026;

/** The dialect owns the connections: Kysely's `destroy` closes them. Connects when it is first asked something. */
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
  // A connection that breaks is replaced, and its query fails; without listeners it would end the process. The pool itself
  // listens to idle ones only.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** `begin immediate` in PostgreSQL's words: nothing that a transaction has read changes before it commits. */
class WritersTakeTurns extends PostgresDriver {
  override async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    await super.beginTransaction(connection, settings);
    await connection.executeQuery(CompiledQuery.raw(`select pg_advisory_xact_lock(${WRITERS})`));
  }
}

class Compiler extends PostgresQueryCompiler {
  /** Sorted and compared by bytes, whatever the database's language is. */
  protected override visitDataType(node: DataTypeNode): void {
    super.visitDataType(node);
    if (node.dataType === 'text') this.append(' collate "C"');
  }

  protected override addParameter(parameter: unknown): void {
    super.addParameter(bindable(parameter));
  }
}

/** SQLite knows neither NaN nor -0. */
function bindable(value: unknown): unknown {
  if (typeof value === 'string') return withoutNul(value);
  if (Object.is(value, -0)) return 0;
  return Number.isNaN(value) ? null : value;
}

/** PostgreSQL's texts hold anything but NUL; a private character stands for it, and with itself for itself. */
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

/** Of this pool alone. Object ids of https://www.postgresql.org/docs/current/catalog-pg-type.html; counts come as int8. */
function parsers(): TypeOverrides {
  const overrides = new TypeOverrides();
  overrides.setTypeParser(types.builtins.INT8, Number);
  overrides.setTypeParser(types.builtins.TEXT, withNul);
  return overrides;
}
