-- What a database holds, one line per thing: rows and a checksum per table, and everything that
-- makes the walls. Two databases are equal when their lines are. Run it as a superuser.
\set QUIET on
\set ON_ERROR_STOP on
\pset format unaligned
\pset fieldsep ' '
\pset tuples_only on
SET TimeZone = 'UTC';
SET DateStyle = 'ISO';
SET row_security = off;

SELECT format('SELECT ''table'', %L, count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM %s t',
              c.oid::regclass, c.oid::regclass)
FROM pg_class c
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
ORDER BY c.relname \gexec

WITH things (kind, thing) AS (
    -- Not their expressions, which PostgreSQL may write differently once they were read back:
    -- `manage.py walls --check` knows what they mean.
    SELECT 'policies', concat_ws(' ', tablename, policyname, permissive, roles, cmd,
        qual IS NULL, with_check IS NULL) FROM pg_policies
    UNION ALL
    SELECT 'forced tables', relname::text FROM pg_class
    WHERE relforcerowsecurity AND relrowsecurity AND relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'grants on tables', c.relname || a.privilege_type || a.grantee::regrole::text
    FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a
    WHERE c.relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'grants on functions', p.oid::regprocedure::text || a.privilege_type || CASE a.grantee WHEN 0 THEN 'everybody' ELSE a.grantee::regrole::text END
    FROM pg_proc p CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
    WHERE p.pronamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'functions', pg_get_functiondef(p.oid) || p.proowner::regrole::text || p.prosecdef::text
    FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f'
    UNION ALL
    SELECT 'triggers', pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    -- Not their text, which PostgreSQL writes differently once it was read back, nor the numbers
    -- of their columns, which close up where one was dropped.
    SELECT 'constraints', concat_ws(' ', conname, contype, conrelid::regclass,
        (SELECT string_agg(attname, ',' ORDER BY attname) FROM pg_attribute
         WHERE attrelid = conrelid AND attnum = ANY (conkey)),
        (SELECT string_agg(attname, ',' ORDER BY attname) FROM pg_attribute
         WHERE attrelid = confrelid AND attnum = ANY (confkey)),
        nullif(confrelid, 0)::regclass, condeferrable, convalidated)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'indexes', concat_ws(' ', indexrelid::regclass, indrelid::regclass,
        (SELECT string_agg(attname, ',' ORDER BY attname) FROM pg_attribute
         WHERE attrelid = indrelid AND attnum = ANY (indkey)),
        indisunique, indisvalid, indpred IS NULL)
    FROM pg_index WHERE indexrelid IN
        (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
    UNION ALL
    SELECT 'owners of tables', relname || relowner::regrole::text FROM pg_class
    WHERE relkind IN ('r', 'S') AND relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'sequences', sequencename || coalesce(last_value, 0)::text FROM pg_sequences
    WHERE schemaname = 'public'
    UNION ALL
    SELECT 'roles', rolname || rolsuper::text || rolbypassrls::text || rolcanlogin::text || rolinherit::text
    FROM pg_roles WHERE rolname LIKE 'stage%'
    UNION ALL
    SELECT 'memberships', roleid::regrole::text || member::regrole::text || inherit_option::text || set_option::text
    FROM pg_auth_members WHERE roleid::regrole::text LIKE 'stage%'
    UNION ALL
    SELECT 'provider', datlocprovider::text || datlocale || pg_encoding_to_char(encoding)
    FROM pg_database WHERE datname = current_database()
)
SELECT 'walls', kind, count(*), sum(hashtextextended(thing, 0)::numeric)
FROM things GROUP BY kind ORDER BY kind;
