begin;
\ir ../people.psql
select no_plan();

create temporary table guarded as
select name, format('public.%I', name)::regclass as relation, name || '_org_id_not_null' as guard
from unnest(array[
  'leads', 'call_tracking', 'call_logs', 'calls', 'recording_upload_queue', 'processed_webhook_events'
]) as name;

select is(
  array(
    select conname::text from pg_constraint
    where conrelid = relation and pg_get_constraintdef(oid) ~ '\morg_id IS NOT NULL\M'
  ),
  array[guard], format('one check guards %s, by its name', name)
) from guarded;
select is(attnotnull, false, format('no column of %s does', name))
from guarded join pg_attribute on attrelid = relation and attname = 'org_id';
select is_empty(
  $$ select name from guarded join pg_constraint on conrelid = relation
     join pg_attribute on attrelid = relation and attname = 'org_id'
     where contype = 'p' and attnum = any (conkey) $$, 'nor does a primary key'
);

create function pg_temp.insert_without(p_table text) returns void language plpgsql as $$
begin
  execute case p_table
    when 'leads' then 'insert into public.leads (name) values (''x'')'
    when 'call_tracking' then 'insert into public.call_tracking (vapi_call_id, state, queued_at) values (''x'', ''queued'', now())'
    when 'call_logs' then 'insert into public.call_logs (vapi_call_id, call_tracking_id) values (''x'', gen_random_uuid())'
    when 'calls' then 'insert into public.calls (vapi_call_id, call_tracking_id) values (''x'', gen_random_uuid())'
    when 'recording_upload_queue' then
      'insert into public.recording_upload_queue (vapi_call_id, call_tracking_id, source_url) values (''x'', gen_random_uuid(), ''https://x'')'
    else 'insert into public.processed_webhook_events (event_id, event_type) values (''x'', ''x'')'
  end;
end
$$;
select throws_like(
  format('select pg_temp.insert_without(%L)', name), '%' || guard || '%', format('%s refuses a row of nobody by that name', name)
) from guarded;

-- The rollback, for real: drop the one constraint, and nothing else stands in the way.
do $$
declare
  v_guarded record;
begin
  for v_guarded in select * from guarded loop
    execute format('alter table %s drop constraint %I', v_guarded.relation, v_guarded.guard);
  end loop;
end
$$;
select lives_ok(format('select pg_temp.insert_without(%L)', name), format('without it %s takes one', name)) from guarded;
select throws_ok(
  format('alter table %s add constraint %I check (org_id is not null)', relation, guard), '23514', null,
  format('%s has it back only when such rows are gone', name)
) from guarded;
do $$
declare
  v_guarded record;
begin
  for v_guarded in select * from guarded loop
    execute format('delete from %s where org_id is null', v_guarded.relation);
    execute format('alter table %s add constraint %I check (org_id is not null) not valid', v_guarded.relation, v_guarded.guard);
    execute format('alter table %s validate constraint %I', v_guarded.relation, v_guarded.guard);
  end loop;
end
$$;
select throws_like(
  format('select pg_temp.insert_without(%L)', name), '%' || guard || '%', format('and then %s refuses again', name)
) from guarded;

select has_index('public', 'call_tracking', 'idx_call_tracking_org_vapi_call_id', array['org_id', 'vapi_call_id'], 'live calls are found by organization and id');
select has_index('public', 'call_logs', 'idx_call_logs_org_vapi_call_id', array['org_id', 'vapi_call_id'], 'and so are logs');

select * from finish();
rollback;
