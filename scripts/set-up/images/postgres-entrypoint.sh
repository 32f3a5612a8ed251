#!/bin/bash
# The official image's behaviour in short: POSTGRES_* (and *_FILE), initdb.d, arguments for the server, and no TCP port
# before initialisation has ended, so that a health check over TCP cannot see the temporary server.
set -euo pipefail

# VAR, or the content of the file in VAR_FILE.
from_file() {
  local file_variable="$1_FILE"
  if [ -n "${!1:-}" ] && [ -n "${!file_variable:-}" ]; then echo "error: both $1 and $1_FILE are set" >&2; exit 1; fi
  if [ -n "${!file_variable:-}" ]; then export "$1=$(< "${!file_variable}")"; else export "$1=${!1:-${2:-}}"; fi
  unset "$file_variable"
}

make_folders() {
  mkdir -p "$PGDATA" /var/run/postgresql
  chmod 00700 "$PGDATA" || :
  chmod 03775 /var/run/postgresql || :
  if [ "$(id -u)" = 0 ]; then
    find "$PGDATA" \! -user postgres -exec chown postgres '{}' +
    find /var/run/postgresql \! -user postgres -exec chown postgres '{}' +
  fi
}

docker_process_sql() {
  PGHOST='' PGHOSTADDR='' psql -v ON_ERROR_STOP=1 --no-psqlrc --no-password --username "$POSTGRES_USER" ${POSTGRES_DB:+--dbname "$POSTGRES_DB"} "$@"
}

run_init_files() {
  local file
  for file in /docker-entrypoint-initdb.d/*; do
    case "$file" in
      *.sh) if [ -x "$file" ]; then echo "$0: running $file"; "$file"; else echo "$0: sourcing $file"; . "$file"; fi ;;
      *.sql) echo "$0: running $file"; docker_process_sql -f "$file"; echo ;;
      *.sql.gz) echo "$0: running $file"; gunzip -c "$file" | docker_process_sql; echo ;;
      *.sql.xz) echo "$0: running $file"; xzcat "$file" | docker_process_sql; echo ;;
      /docker-entrypoint-initdb.d/\*) ;;
      *) echo "$0: ignoring $file" ;;
    esac
  done
}

initialise() {
  if [ -z "$POSTGRES_PASSWORD" ] && [ "$POSTGRES_HOST_AUTH_METHOD" != trust ]; then
    echo "Error: Database is uninitialized and superuser password is not specified." >&2
    echo "       You must specify POSTGRES_PASSWORD to a non-empty value, or POSTGRES_HOST_AUTH_METHOD=trust." >&2
    exit 1
  fi
  eval 'initdb --username="$POSTGRES_USER" --pwfile=<(printf "%s\n" "$POSTGRES_PASSWORD") ${POSTGRES_INITDB_WALDIR:+--waldir "$POSTGRES_INITDB_WALDIR"} '"$POSTGRES_INITDB_ARGS"
  local method=$POSTGRES_HOST_AUTH_METHOD
  [ -n "$method" ] || method=$(postgres -C password_encryption -D "$PGDATA")
  printf '\nhost all all all %s\n' "$method" >> "$PGDATA/pg_hba.conf"

  [ "$1" != postgres ] || shift
  pg_ctl -D "$PGDATA" -o "$(printf '%q ' "$@" -c listen_addresses= -p "${PGPORT:-5432}")" -w start
  export PGPASSWORD="${PGPASSWORD:-$POSTGRES_PASSWORD}"
  if [ "$POSTGRES_DB" != postgres ] && [ -z "$(POSTGRES_DB='' docker_process_sql --dbname postgres --set db="$POSTGRES_DB" -tA <<< "SELECT 1 FROM pg_database WHERE datname = :'db'")" ]; then
    POSTGRES_DB='' docker_process_sql --dbname postgres --set db="$POSTGRES_DB" <<< 'CREATE DATABASE :"db"'
  fi
  run_init_files
  pg_ctl -D "$PGDATA" -m fast -w stop
  unset PGPASSWORD
  echo; echo 'PostgreSQL init process complete; ready for start up.'; echo
}

main() {
  if [ "${1:0:1}" = '-' ]; then set -- postgres "$@"; fi
  local argument
  for argument; do case "$argument" in '-?' | --help | --describe-config | -V | --version) exec "$@" ;; esac; done
  if [ "$1" = postgres ]; then
    from_file POSTGRES_PASSWORD
    from_file POSTGRES_USER postgres
    from_file POSTGRES_DB "$POSTGRES_USER"
    from_file POSTGRES_INITDB_ARGS
    : "${POSTGRES_HOST_AUTH_METHOD:=}"
    make_folders
    # setpriv keeps the process id and its signals, like gosu.
    if [ "$(id -u)" = 0 ]; then exec setpriv --reuid=postgres --regid=postgres --init-groups -- env HOME=/var/lib/postgresql "$BASH_SOURCE" "$@"; fi
    if [ -s "$PGDATA/PG_VERSION" ]; then
      echo; echo 'PostgreSQL Database directory appears to contain a database; Skipping initialization'; echo
    else
      initialise "$@"
    fi
  fi
  exec "$@"
}
main "$@"
