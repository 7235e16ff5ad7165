#!/usr/bin/env bash
# Runs once, when the PostgreSQL volume is empty: roles with passwords, the database, its rights.
# SQL files are expected in /sql (SQL_DIR elsewhere).
set -euo pipefail

sql=${SQL_DIR:-/sql}
: "${APP_PASSWORD:?}" "${WORKER_PASSWORD:?}" "${OWNER_PASSWORD:?}"
psql=(psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}")

"${psql[@]}" --dbname postgres --single-transaction --file "$sql/bootstrap.sql"
# From the environment, not the command line: other processes can read those.
"${psql[@]}" --dbname postgres <<'SQL'
\getenv app_password APP_PASSWORD
\getenv worker_password WORKER_PASSWORD
\getenv owner_password OWNER_PASSWORD
SET log_statement = 'none';
ALTER ROLE stage_app PASSWORD :'app_password';
ALTER ROLE stage_worker PASSWORD :'worker_password';
ALTER ROLE stage_owner PASSWORD :'owner_password';
-- The provider must be the tests' own: sort order and letter case depend on it.
CREATE DATABASE stage OWNER stage_owner TEMPLATE template0 ENCODING 'UTF8'
    LOCALE 'C' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'PG_UNICODE_FAST';
SQL
"${psql[@]}" --dbname stage --single-transaction --file "$sql/database.sql"
