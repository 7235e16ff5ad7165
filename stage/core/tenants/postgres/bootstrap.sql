-- The cluster's roles, once per PostgreSQL server, by an administrator; may be run again at will.
-- Run it whole: one string is one transaction, so a failure leaves no half of it behind.
-- What belongs to one database stands in database.sql.

DO $$
DECLARE
    wanted record;
    present pg_roles%ROWTYPE;
BEGIN
    FOR wanted IN SELECT * FROM (VALUES
        ('stage_school', 'NOLOGIN'),   -- staff of one school
        ('stage_student', 'NOLOGIN'),  -- one student, or a guardian of one student
        ('stage_company', 'NOLOGIN'),  -- contacts of companies
        ('stage_bureau', 'NOLOGIN'),   -- the regional bureau
        ('stage_system', 'NOLOGIN'),   -- migrations, log-in, the outbox, the audit sealer
        ('stage_switch', 'NOLOGIN NOINHERIT'),  -- may become any of the five, has the rights of none
        ('stage_owner', 'LOGIN'),      -- owns the tables; migrations only
        ('stage_app', 'LOGIN')         -- web and workers; owns nothing
    ) AS roles (name, options)
    LOOP
        SELECT * INTO present FROM pg_roles WHERE rolname = wanted.name;
        IF NOT FOUND THEN
            EXECUTE format('CREATE ROLE %I %s NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION',
                           wanted.name, wanted.options);
        ELSIF present.rolsuper OR present.rolbypassrls OR present.rolcreaterole OR present.rolreplication
              OR present.rolcanlogin <> (wanted.options = 'LOGIN')
        THEN
            -- Such a role walks past row-level security without a sound.
            EXECUTE format('ALTER ROLE %I %s NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION',
                           wanted.name, wanted.options);
        END IF;
    END LOOP;
END
$$;

GRANT stage_school, stage_student, stage_company, stage_bureau, stage_system
    TO stage_switch WITH INHERIT FALSE, SET TRUE;
GRANT stage_switch TO stage_app, stage_owner WITH INHERIT FALSE, SET TRUE;
