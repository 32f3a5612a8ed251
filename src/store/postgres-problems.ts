/** What PostgreSQL's errors, and those on the way to it, mean for people. No password is ever in them. */
import type { Problem } from '../model/failure.ts';
import { secretsOf, withoutPassword } from './location.ts';

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';

const ADVICE: readonly (readonly [codes: RegExp, what: string, next: string, type?: Problem['type']])[] = [
  [/^28/, 'PostgreSQL does not let this user in', 'See that user and password in --store or PACELINE_STORE are right.'],
  [/^3D000$/, 'There is no such database', 'Create it with `createdb`, or name another in --store or PACELINE_STORE.'],
  [
    /^42501$|^3F000$/,
    'This user may not do that in the database',
    'Paceline makes its own tables: `grant create on schema public to …`, or make the user the owner of the database.',
  ],
  [/^25006$/, 'The database takes no writing', 'Name the primary server, not a replica.'],
  [/^53100$/, "The disk of PostgreSQL's server is full", 'Make room there, then run it again.', 'DiskFull'],
  [/^53300$/, 'PostgreSQL has no connection left', 'Raise its `max_connections`, or end other clients.'],
  [/^55P03$/, 'Another client has kept the store locked for 30 s', 'See in `pg_stat_activity` who holds it.'],
  [/^57P0|^25P03$|^08/, 'PostgreSQL ended the connection', 'See that the server is up and stays up.'],
  [
    /^E[A-Z]+|^UNABLE_TO|^CERT_|^SELF_SIGNED|^DEPTH_ZERO/,
    'PostgreSQL cannot be reached',
    'See that the server is up, and that host, port and `sslmode` in --store or PACELINE_STORE are right.',
  ],
];

/** What node-postgres says without a code. */
const UNREACHABLE =
  /timeout exceeded when trying to connect|Connection terminated|SSL connections|Client has encountered/;

export function isPostgresBusy(error: unknown): boolean {
  const code = codeOf(error);
  return code === SERIALIZATION_FAILURE || code === DEADLOCK_DETECTED;
}

/** @returns null for what nobody can do anything about: a wrong query stays the defect that it is */
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

/** Of several addresses that were tried, the first one's. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
