-- Every save, sync and refusal with its outcome and milliseconds: what metrics and histories are
-- made of. Partitioned by month from the start, because it only grows.

create table public.operation_events (
  id uuid not null default gen_random_uuid(),
  -- Null where an operation has no organization, or a caller named one that doesn't exist.
  org_id uuid,
  operation text not null,
  outcome text not null,
  actor text not null,
  request_id text,
  duration_ms integer,
  details jsonb not null default '{}',
  created_at timestamptz not null default now(),
  constraint operation_events_pkey primary key (id, created_at),
  constraint operation_events_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint operation_events_operation_is_1_to_100_characters check (char_length(operation) between 1 and 100),
  constraint operation_events_outcome_is_known
    check (outcome in ('succeeded', 'partially_succeeded', 'failed', 'refused')),
  constraint operation_events_duration_ms_is_not_negative check (duration_ms >= 0),
  constraint operation_events_details_is_an_object check (jsonb_typeof(details) = 'object')
) partition by range (created_at);
create index operation_events_org_id_created_at_idx on public.operation_events (org_id, created_at desc);

alter table public.operation_events enable row level security;
revoke all on table public.operation_events from public, anon, authenticated, service_role;
grant select on table public.operation_events to authenticated;
grant select, insert on table public.operation_events to service_role;
create policy "members read the events of their organizations" on public.operation_events
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('viewer'))::uuid[]));

-- Partitions live where the Data API doesn't look, or each would be a table of its own to protect.
create schema partitions;
revoke all on schema partitions from public, anon, authenticated, service_role;

-- Makes the partition of one month, with the rows that were already waiting in the default one.
-- The table is made apart and attached, which doesn't stop the parent's readers and writers.
create function private.make_partition(p_table name, p_month date) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_parent constant text := format('public.%I', p_table);
  v_default constant text := format('partitions.%I', p_table || '_default');
  v_partition constant text := format('partitions.%I', p_table || '_' || to_char(p_month, 'YYYY_MM'));
  v_from constant timestamptz := p_month::timestamp at time zone 'UTC';
  v_to constant timestamptz := (p_month + interval '1 month')::timestamp at time zone 'UTC';
begin
  if to_regclass(v_partition) is not null then
    return false;
  end if;
  execute format('create table %s (like %s including all)', v_partition, v_parent);
  perform private.protect_partition(v_partition);
  execute format(
    'with moved as (delete from %s where created_at >= %L and created_at < %L returning *) insert into %s select * from moved',
    v_default, v_from, v_to, v_partition
  );
  execute format('alter table %s attach partition %s for values from (%L) to (%L)', v_parent, v_partition, v_from, v_to);
  return true;
end
$$;
revoke all on function private.make_partition(name, date) from public, anon, authenticated;

create function private.protect_partition(p_partition text) returns void
language plpgsql set search_path = '' as $$
begin
  execute format('alter table %s enable row level security', p_partition);
  execute format('revoke all on table %s from public, anon, authenticated, service_role', p_partition);
  execute format('create policy "nobody reaches a partition but through its table" on %s for all using (false)', p_partition);
end
$$;
revoke all on function private.protect_partition(text) from public, anon, authenticated;

create function private.make_default_partition(p_table name) returns void
language plpgsql set search_path = '' as $$
declare
  v_default constant text := format('partitions.%I', p_table || '_default');
begin
  execute format('create table %s partition of public.%I default', v_default, p_table);
  perform private.protect_partition(v_default);
end
$$;
revoke all on function private.make_default_partition(name) from public, anon, authenticated;

-- This month and the months after it, for every table partitioned by created_at; answers how many
-- partitions were made.
-- Security definer: only a table's owner may attach a partition, and the worker isn't the owner.
create function private.make_partitions_ahead(p_months integer) returns integer
language plpgsql security definer set search_path = '' as $$
declare
  v_table name;
  v_ahead integer;
  v_made integer := 0;
begin
  -- Two at once would both try to make the same one.
  perform pg_advisory_xact_lock(hashtext('private.make_partitions_ahead'));
  for v_table in
    select parent.relname
    from pg_catalog.pg_partitioned_table as partitioned
    join pg_catalog.pg_class as parent on parent.oid = partitioned.partrelid
    join pg_catalog.pg_attribute as partition_key
      on partition_key.attrelid = parent.oid and partition_key.attnum = partitioned.partattrs[0]
    where parent.relnamespace = 'public'::regnamespace
      and partitioned.partstrat = 'r'
      and partitioned.partnatts = 1
      and partition_key.attname = 'created_at'
    order by parent.relname
  loop
    for v_ahead in 0 .. least(greatest(p_months, 0), 24) loop
      if private.make_partition(
        v_table,
        (date_trunc('month', now() at time zone 'UTC') + make_interval(months => v_ahead))::date
      ) then
        v_made := v_made + 1;
      end if;
    end loop;
  end loop;
  return v_made;
end
$$;
revoke all on function private.make_partitions_ahead(integer) from public, anon, authenticated;
grant execute on function private.make_partitions_ahead(integer) to service_role;

do $$
begin
  perform private.make_default_partition('operation_events');
  perform private.make_partitions_ahead(3);
end
$$;

-- Inside the transaction of what it tells about, never after it.
create function private.record_event(
  p_org_id uuid,
  p_operation text,
  p_outcome text,
  p_request_id text,
  p_duration_ms numeric,
  p_details jsonb
) returns void
language plpgsql set search_path = '' as $$
begin
  insert into public.operation_events (org_id, operation, outcome, actor, request_id, duration_ms, details)
  values (
    p_org_id, p_operation, p_outcome, private.current_actor(), p_request_id,
    round(p_duration_ms)::integer, coalesce(p_details, '{}')
  );
end
$$;
revoke all on function private.record_event(uuid, text, text, text, numeric, jsonb) from public, anon, authenticated;
grant execute on function private.record_event(uuid, text, text, text, numeric, jsonb) to service_role;
