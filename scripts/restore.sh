#!/usr/bin/env bash
# scripts/restore.sh FOLDER: what scripts/backup.sh wrote, onto a server, over what is there.
# Stop web, worker and beat first. Compares every table, wall and file afterwards, and the walls
# with what the product declares; unequal is exit 1. PGHOST, PGUSER (a superuser) and FILES_ROOT as
# for the back-up; DATABASE_OWNER_URL and the product's settings for `manage.py walls --check`.
set -euo pipefail
umask 077

here=$(cd "$(dirname "$0")" && pwd)
from=${1:?usage: restore.sh FOLDER}
: "${FILES_ROOT:?where the private files go}"
database=${PGDATABASE:-stage}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Roles that are there already keep their passwords; those of the server itself are not ours.
psql -X -At -d postgres -c 'SELECT rolname FROM pg_roles' > "$work/roles"
cp "$from/roles.sql" "$work/roles.sql"
while read -r role; do
    grep -vE "^(CREATE|ALTER) ROLE \"?$role\"?[ ;]" "$work/roles.sql" > "$work/next" || true
    mv "$work/next" "$work/roles.sql"
done < "$work/roles"
psql -X -q -v ON_ERROR_STOP=1 --single-transaction -d postgres -f "$work/roles.sql"

pg_restore --dbname postgres --create --clean --if-exists --exit-on-error "$from/database.dump"
mkdir -p "$FILES_ROOT"
tar -C "$FILES_ROOT" -xzf "$from/files.tar.gz"

psql -X -q -v ON_ERROR_STOP=1 -d "$database" -f "$here/facts.sql" > "$work/facts.txt"
diff "$from/facts.txt" "$work/facts.txt" || { echo "the database is not equal" >&2; exit 1; }
(cd "$FILES_ROOT" && sha256sum --quiet --check "$(cd "$from" && pwd)/files.txt") || { echo "the files are not equal" >&2; exit 1; }
if [ -n "${DATABASE_OWNER_URL:-}" ]; then
    DATABASE_URL=$DATABASE_OWNER_URL "${PYTHON:-python}" "$here/../manage.py" walls --check >&2 ||
        { echo "the walls are not as declared" >&2; exit 1; }
else
    echo "not compared: the walls with their declaration, since DATABASE_OWNER_URL is not set" >&2
fi
echo "restored: $(grep -c '^table' "$work/facts.txt") tables, $(grep -c '^walls' "$work/facts.txt") kinds of walls and $(wc -l < "$from/files.txt") files, all equal"
