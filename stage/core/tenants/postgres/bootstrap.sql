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
        ('stage_operator', 'NOLOGIN'), -- who makes regions, schools and their first people
        ('stage_system', 'NOLOGIN'),   -- migrations, look-ups before log-in, outbox, audit sealer
        ('stage_switch', 'NOLOGIN NOINHERIT'),  -- may become an audience, has the rights of none
        ('stage_owner', 'LOGIN'),      -- owns the tables; migrations only
        ('stage_app', 'LOGIN'),        -- the web: whatever a request asks, never everything
        ('stage_worker', 'LOGIN')      -- jobs and commands: may become stage_system too
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

GRANT stage_school, stage_student, stage_company, stage_bureau, stage_operator
    TO stage_switch WITH INHERIT FALSE, SET TRUE;
GRANT stage_switch TO stage_app, stage_owner WITH INHERIT FALSE, SET TRUE;
-- Who sees everything: migrations and jobs. Nothing that answers a request is among them.
GRANT stage_system TO stage_owner, stage_worker WITH INHERIT FALSE, SET TRUE;
-- A job may what the web's log-in may, and become whom it may.
GRANT stage_app TO stage_worker WITH INHERIT TRUE, SET TRUE;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_auth_members WHERE roleid = 'stage_system'::regrole
               AND member IN ('stage_switch'::regrole, 'stage_app'::regrole))
    THEN
        REVOKE stage_system FROM stage_switch, stage_app;
    END IF;
END
$$;
