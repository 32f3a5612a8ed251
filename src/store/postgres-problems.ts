/** Explains PostgreSQL errors and connection errors. The messages never contain a password. */
import type { Problem } from '../model/failure.ts';
import { secretsOf, withoutPassword } from './location.ts';

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';

const ADVICE: readonly (readonly [codes: RegExp, what: string, next: string, type?: Problem['type']])[] = [
  [/^28/, 'PostgreSQL refuses this user', 'Check the user and password in --store or PACELINE_STORE.'],
  [
    /^3D000$/,
    'There is no such database',
    'Create it with `createdb`, or use another one in --store or PACELINE_STORE.',
  ],
  [
    /^42501$|^3F000$/,
    'This user has no permission to do that in the database',
    'Paceline creates its own tables: run `grant create on schema public to …`, or make the user the owner of the database.',
  ],
  [/^25006$/, 'The database is read-only', 'Use the primary server, not a replica.'],
  [/^53100$/, 'The disk of the PostgreSQL server is full', 'Free some space there, then try again.', 'DiskFull'],
  [/^53300$/, 'PostgreSQL has no free connection', 'Raise its `max_connections`, or close other clients.'],
  [/^55P03$/, 'Another client has locked the store for 30 s', 'Find the client in `pg_stat_activity`.'],
  [/^57P0|^25P03$|^08/, 'PostgreSQL closed the connection', 'Check that the server is running.'],
  [
    /^E[A-Z]+|^UNABLE_TO|^CERT_|^SELF_SIGNED|^DEPTH_ZERO/,
    'PostgreSQL cannot be reached',
    'Check that the server is running, and check host, port and `sslmode` in --store or PACELINE_STORE.',
  ],
];

/** Errors of node-postgres without a code. */
const UNREACHABLE =
  /timeout exceeded when trying to connect|Connection terminated|SSL connections|Client has encountered/;

export function isPostgresBusy(error: unknown): boolean {
  const code = codeOf(error);
  return code === SERIALIZATION_FAILURE || code === DEADLOCK_DETECTED;
}

/** @returns null for errors that users cannot fix: a wrong query is a bug and stays one */
export function postgresProblem(error: unknown, url: string): Problem | null {
  const said = error instanceof Error ? error.message || codeOf(error) : String(error);
  const code = UNREACHABLE.test(said) ? 'ECONNRESET' : codeOf(error);
  const found = ADVICE.find(([codes]) => codes.test(code));
  if (found === undefined) return null;
  const [, what, next, type = 'StoreUnavailable'] = found;
  return { type, what: `${what} (${withoutPassword(url)}: ${hushed(said, url)}).`, next };
}

function hushed(text: string, url: string): string {
  return secretsOf(url).reduce((kept, secret) => kept.replaceAll(secret, '***'), text);
}

/** If several addresses were tried, the code of the first one. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
