-- The rights inside one database, by its owner or an administrator; may be run again at will.
-- Nobody gets a right on a table here: those are granted per table, role and verb by the migrations.
-- A SECURITY DEFINER function that stage_system is to own needs CREATE on the schema for the moment
-- of the change: grant it in that migration and take it back there.

DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO stage_app, stage_worker, stage_owner', current_database());
END
$$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO
    stage_school, stage_student, stage_company, stage_bureau, stage_operator, stage_system,
    stage_app, stage_worker;
GRANT USAGE, CREATE ON SCHEMA public TO stage_owner;
