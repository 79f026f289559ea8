-- What messages leave behind: sessions that nobody continued, and rows older than their retention.

do $$
begin
  perform set_config('app.actor', 'migration', true);
  perform set_config('app.reason', 'Defaults of a new installation', true);
  -- Days that rows are kept, by table. Events outlive the seven days in which WhatsApp delivers again.
  insert into public.app_config (key, value) values ('retention_days', '{
    "inbound_messages": 365, "outbound_messages": 365, "unified_agent_events": 365, "operation_events": 365,
    "processed_webhook_events": 30, "unroutable_deliveries": 30, "unparsed_deliveries": 30,
    "whatsapp_notices": 90, "dead_letters": 180, "unified_sessions": 365
  }')
  on conflict (key) do nothing;
  perform set_config('app.actor', '', true);
  perform set_config('app.reason', '', true);
end
$$;

-- Null where nothing sensible is configured: then nothing is deleted. Never less than eight days, so
-- that a delivery that comes again still finds its event.
create function private.retention_cutoff(p_table text) returns timestamptz
language plpgsql stable set search_path = '' as $$
declare
  v_days jsonb;
begin
  select config.value -> p_table into v_days
  from public.app_config as config
  where config.key = 'retention_days';
  if jsonb_typeof(v_days) is distinct from 'number' then
    return null;
  end if;
  return now() - make_interval(secs => greatest(v_days::text::double precision, 8) * 86400);
end
$$;
revoke all on function private.retention_cutoff(text) from public, anon, authenticated;
grant execute on function private.retention_cutoff(text) to service_role;

-- Drops the monthly partitions of a table that end before a moment and that nobody uses; answers how many.
-- Security definer: only the owner may drop, and the worker isn't the owner.
create function private.drop_partitions_before(p_table name, p_before timestamptz) returns integer
language plpgsql security definer set search_path = '' set lock_timeout = '200ms' as $$
declare
  v_partition name;
  v_dropped integer := 0;
begin
  if p_before is null or p_before > now() - interval '8 days' then
    return 0;
  end if;
  for v_partition in
    select partition.relname
    from pg_catalog.pg_inherits as inheritance
    join pg_catalog.pg_class as partition on partition.oid = inheritance.inhrelid
    where inheritance.inhparent = format('public.%I', p_table)::regclass
      and partition.relnamespace = 'partitions'::regnamespace
      and partition.relname ~ ('^' || p_table || '_[0-9]{4}_[0-9]{2}$')
      and (to_date(right(partition.relname, 7), 'YYYY_MM') + interval '1 month')::timestamp at time zone 'UTC' <= p_before
    order by partition.relname
  loop
    -- Each stands alone: one that somebody is reading waits for the next round, and nothing else does.
    begin
      execute format('drop table partitions.%I', v_partition);
      v_dropped := v_dropped + 1;
    exception when lock_not_available or deadlock_detected then
      raise notice 'Partition "%" is in use: it is dropped in a later round', v_partition;
    end;
  end loop;
  return v_dropped;
end
$$;
revoke all on function private.drop_partitions_before(name, timestamptz) from public, anon, authenticated;
grant execute on function private.drop_partitions_before(name, timestamptz) to service_role;

-- {limit} -> {code: 'expired', unified_sessions_expired, hand_overs_released, and per table how many rows
-- were deleted, partitions_dropped}: at most `limit` rows of each; a caller that gets its limit calls again.
create function public.expire_messages(request jsonb) returns jsonb
language plpgsql set search_path = '' set enable_seqscan = off set jit = off as $$
declare
  v_limit constant integer := least(greatest(coalesce((request ->> 'limit')::integer, 1000), 1), 10000);
  v_counts jsonb := '{}';
  v_count integer;
  v_table text;
  v_column text;
  v_cutoff timestamptz;
begin
  perform set_config('app.actor', 'system', true);
  update public.unified_sessions as session
  set status = 'expired', expired_at = now()
  where session.id = any (array(
    select stale.id
    from public.unified_sessions as stale
    where stale.completed_at is null and stale.expired_at is null
      and stale.last_message_at < now() - interval '24 hours'
      -- Somebody has just written: the turn will see for itself that a day has passed.
      and not exists (
        select 1 from public.contact_queues as queue
        where queue.org_id = stale.org_id and queue.contact_id = stale.contact_id and queue.turn_due_at is not null
      )
    order by stale.last_message_at
    limit v_limit
    for update skip locked
  ));
  get diagnostics v_count = row_count;
  v_counts := v_counts || jsonb_build_object(
    'unified_sessions_expired', v_count, 'hand_overs_released', private.release_forgotten_hand_overs(v_limit)
  );

  for v_table, v_column in
    select * from (values
      ('processed_webhook_events', 'created_at'), ('unroutable_deliveries', 'last_received_at'),
      ('unparsed_deliveries', 'received_at'), ('whatsapp_notices', 'last_received_at'),
      ('dead_letters', 'dead_lettered_at'), ('outbound_messages', 'created_at')
    ) as kept (table_name, column_name)
  loop
    v_cutoff := private.retention_cutoff(v_table);
    continue when v_cutoff is null;
    execute format(
      'delete from public.%1$I where id = any (array(select id from public.%1$I where %2$I < $1 limit $2 for update skip locked))',
      v_table, v_column
    ) using v_cutoff, v_limit;
    get diagnostics v_count = row_count;
    v_counts := v_counts || jsonb_build_object(v_table, v_count);
  end loop;

  v_counts := v_counts || jsonb_build_object('legacy_deliveries', private.expire_legacy_deliveries(v_limit));

  v_cutoff := private.retention_cutoff('unified_sessions');
  delete from public.unified_sessions as session
  where session.id = any (array(
    select ended.id from public.unified_sessions as ended
    where ended.status <> 'active' and ended.updated_at < v_cutoff
    order by ended.updated_at
    limit v_limit for update skip locked
  ));
  get diagnostics v_count = row_count;
  v_counts := v_counts || jsonb_build_object('unified_sessions', v_count);

  v_counts := v_counts || jsonb_build_object('unified_listings_expired', private.expire_listings(v_limit));

  -- Nobody asks again after minutes.
  delete from private.send_claims as claim
  where claim.id = any (array(
    select old.id from private.send_claims as old
    where old.claimed_at < now() - interval '1 hour'
    order by old.claimed_at
    limit 10 * v_limit for update skip locked
  ));
  get diagnostics v_count = row_count;
  v_counts := v_counts || jsonb_build_object('send_claims', v_count);

  v_count := 0;
  foreach v_table in array array['inbound_messages', 'unified_agent_events', 'operation_events'] loop
    v_count := v_count + private.drop_partitions_before(v_table, private.retention_cutoff(v_table));
  end loop;
  return v_counts || jsonb_build_object('code', 'expired', 'partitions_dropped', v_count);
end
$$;
revoke all on function public.expire_messages(jsonb) from public, anon, authenticated;
grant execute on function public.expire_messages(jsonb) to service_role;
create index unified_sessions_ended_idx on public.unified_sessions (updated_at) where status <> 'active';

-- App secrets of organizations whose own Meta app signs, for deliveries that none of ours verifies: by
-- number, and by account for what concerns no number (templates, reviews, bans).
-- {phone_number_ids: [text], business_account_ids: [text]?} -> {code: 'read',
--   secrets: [{org_id, phone_number_id, business_account_id, ciphertext, key_id}]}.
create function public.read_webhook_secrets(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('code', 'read', 'secrets', coalesce((
    select jsonb_agg(jsonb_build_object(
      'org_id', integration.org_id,
      'phone_number_id', integration.public_config ->> 'phone_number_id',
      'business_account_id', integration.public_config ->> 'business_account_id',
      'ciphertext', credential.ciphertext,
      'key_id', credential.key_id
    ))
    from public.integrations as integration
    join private.integration_credentials as credential
      on credential.org_id = integration.org_id and credential.provider = integration.provider
    where integration.provider = 'whatsapp' and integration.connected
      and (
        integration.public_config ->> 'phone_number_id' = any (array(
          select wanted.id
          from jsonb_array_elements_text(request -> 'phone_number_ids') as wanted (id)
          limit 20
        ))
        or integration.public_config ->> 'business_account_id' = any (array(
          select wanted.id
          from jsonb_array_elements_text(coalesce(request -> 'business_account_ids', '[]')) as wanted (id)
          limit 20
        ))
      )
      and integration.public_config -> 'has_app_secret' = 'true'
  ), '[]'));
end
$$;
revoke all on function public.read_webhook_secrets(jsonb) from public, anon, authenticated;
grant execute on function public.read_webhook_secrets(jsonb) to service_role;
