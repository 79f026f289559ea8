-- Attaching a partition locks more than it seems: the table's default partition, which is looked through, against
-- everybody, and what its foreign keys point at (contacts, organizations) against writers. Whoever waits for
-- such a lock holds up all that come after.

-- This month and the months after it, for every table partitioned by created_at; answers how many partitions were
-- made. One that would have to wait is made in a later round: until then its rows are in the default partition.
-- This month's, which rows come for already, insists a little longer.
-- Security definer: only a table's owner may attach a partition, and the worker isn't the owner.
create or replace function private.make_partitions_ahead(p_months integer) returns integer
language plpgsql security definer set search_path = '' set lock_timeout = '200ms' as $$
declare
  v_table name;
  v_ahead integer;
  v_made integer := 0;
begin
  -- Two at once would both try to make the same one.
  if not pg_try_advisory_xact_lock(hashtext('private.make_partitions_ahead')) then
    return 0;
  end if;
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
      -- Each stands alone, as where they are dropped.
      begin
        perform set_config('lock_timeout', case v_ahead when 0 then '2s' else '200ms' end, true);
        if private.make_partition(
          v_table,
          (date_trunc('month', now() at time zone 'UTC') + make_interval(months => v_ahead))::date
        ) then
          v_made := v_made + 1;
        end if;
      exception when lock_not_available or deadlock_detected then
        raise notice 'A partition of "%" would have to wait: it is made in a later round', v_table;
      end;
    end loop;
  end loop;
  return v_made;
end
$$;
