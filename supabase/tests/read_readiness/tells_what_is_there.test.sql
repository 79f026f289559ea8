begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select is(
  public.read_readiness('{}'),
  '{"code": "read", "schema_version": null, "cron_lines": null, "vault_names": null, "seconds_since_heartbeat": null}',
  'a plain database has neither a clock, nor a vault, nor a history of migrations'
);

select tests.act_as('operator');
create schema if not exists supabase_migrations;
create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text);
insert into supabase_migrations.schema_migrations (version) values ('20261120090000'), ('20261122000100'), ('20261121204300');
create schema cron;
create table cron.job (jobname text, active boolean);
insert into cron.job values ('worker_sync_agent', true), ('worker_expire_rows', false), ('prune_cron_history', true), ('workers', true);
create schema vault;
create table vault.secrets (name text, secret text);
insert into vault.secrets values ('worker_secret_key', 'sb_secret_x'), ('project_url', 'https://x'), ('somebody_elses', 'y');
insert into public.worker_heartbeats (kind, worker_id, phase, last_heartbeat_at) values
  ('sync_agent', 'w', 'completed', now() - interval '1 hour'), ('expire_rows', 'w', 'completed', now() - interval '1 minute');

select tests.act_as('service role');
select is(
  public.read_readiness('{}') - 'seconds_since_heartbeat', '{
    "code": "read", "schema_version": "20261122000100", "cron_lines": 1, "vault_names": ["project_url", "worker_secret_key"]
  }', 'where they are, the last migration, the worker''s lines and the names are told'
);
select cmp_ok((public.read_readiness('{}') ->> 'seconds_since_heartbeat')::integer, '>=', 60, 'and the last sign of life');
select cmp_ok((public.read_readiness('{}') ->> 'seconds_since_heartbeat')::integer, '<', 3600, 'whatever kind it was of');
select unalike(public.read_readiness('{}')::text, '%sb_secret%', 'no secret is');
select * from finish();
rollback;
