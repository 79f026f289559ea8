begin;
\ir ../people.psql
select no_plan();

-- Stand-ins for pg_net, pg_cron and vault, where this server has none.
create schema if not exists vault;
create schema if not exists net;
create schema if not exists cron;
create table vault.decrypted_secrets (name text, decrypted_secret text);
create table tests.posted (url text, body jsonb, headers jsonb);
create table tests.scheduled (name text, schedule text, command text);
create function net.http_post(url text, body jsonb, headers jsonb, timeout_milliseconds integer) returns bigint language sql as $$
  insert into tests.posted values (url, body, headers) returning 7::bigint
$$;
create function cron.schedule(job_name text, schedule text, command text) returns bigint language sql as $$
  insert into tests.scheduled values (job_name, schedule, command) returning 1::bigint
$$;

select set_config('client_min_messages', 'error', true);
select is(private.call_worker('sync_agent'), null, 'with an empty vault nothing is posted');
select is_empty('select 1 from tests.posted', 'not even without a key');

insert into vault.decrypted_secrets values
  ('project_url', 'https://abc.supabase.co/'), ('worker_secret_key', 'sb_secret_x'), ('something_else', 'y');
select is(private.call_worker('sync_agent'), 7::bigint, 'with its two names the worker is called');
select results_eq(
  'select url, body, headers ->> ''apikey'' from tests.posted',
  $$ values ('https://abc.supabase.co/functions/v1/worker/run', '{"kind": "sync_agent"}'::jsonb, 'sb_secret_x') $$,
  'by the job''s kind, with the secret key as its API key'
);

select private.schedule_worker('expire_rows', '*/10 * * * *');
select results_eq(
  'select name, schedule, command from tests.scheduled',
  $$ values ('worker_expire_rows', '*/10 * * * *', 'select private.call_worker(''expire_rows'')') $$, 'a line of the clock calls it'
);
select private.schedule_worker('expire_rows', '*/5 * * * *');
select is((select schedule from private.worker_schedules where kind = 'expire_rows'), '*/5 * * * *', 'and it is known that it is to be called');
select is_empty(
  $$ select 1 from tests.scheduled where command like '%sb_secret%' $$, 'and has no key in it'
);

select tests.act_as('service role');
select throws_ok($$ select private.call_worker('sync_agent') $$, '42501', null, 'only the clock calls, not the service role');

select * from finish();
rollback;
