#!/usr/bin/env bash
# scripts/backup.sh FOLDER: everything that must not be lost, into a new folder.
#   roles.sql  database.dump  files.tar.gz  facts.txt (what is in it, to compare after a restore)
# PGHOST, PGUSER and the like say where the database is; FILES_ROOT where the private files are.
# Only as a superuser: for everybody else row-level security hides rows or stops the dump.
set -euo pipefail
umask 077

here=$(cd "$(dirname "$0")" && pwd)
to=${1:?usage: backup.sh FOLDER}
: "${FILES_ROOT:?where the private files are}"
database=${PGDATABASE:-stage}

[ ! -e "$to" ] || { echo "$to is there already" >&2; exit 1; }
super=$(psql -X -At -d "$database" -c 'SELECT rolsuper FROM pg_roles WHERE rolname = current_user')
[ "$super" = t ] || { echo "log in as a superuser: this role does not see every row" >&2; exit 1; }

mkdir -p "$to"
pg_dumpall --roles-only --file "$to/roles.sql"
# One snapshot for the dump and for what is said about it, however busy the product is.
export TO="$to" FACTS="$here/facts.sql" DATABASE="$database"
psql -X -q -v ON_ERROR_STOP=1 -d "$database" <<'SQL'
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT pg_export_snapshot() AS snapshot \gset
\setenv SNAPSHOT :snapshot
\getenv facts FACTS
\getenv to TO
\set facts_file :to '/facts.txt'
\o :facts_file
\i :facts
\o
\! pg_dump --format=custom --snapshot="$SNAPSHOT" --file="$TO/database.dump" "$DATABASE" && touch "$TO/.dumped"
COMMIT;
SQL
[ -e "$to/.dumped" ] || { echo "pg_dump failed" >&2; exit 1; }
rm "$to/.dumped"
# After the dump: every file that a row of it names was there before.
mkdir -p "$FILES_ROOT"
tar -C "$FILES_ROOT" -czf "$to/files.tar.gz" .
(cd "$FILES_ROOT" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 -r sha256sum) > "$to/files.txt"
echo "backed up: $(grep -c '^table' "$to/facts.txt") tables, $(wc -l < "$to/files.txt") files, $(du -sh "$to" | cut -f1)"
