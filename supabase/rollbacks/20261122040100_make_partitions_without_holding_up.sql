-- Data: none of it is touched. Making next months' partitions waits for locks again, and holds up who comes after.
create or replace function private.make_partitions_ahead(p_months integer) returns integer
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
