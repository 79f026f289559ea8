-- What goes to the older service: deliveries of people outside the rollout, as they came where all of one is
-- theirs, else the part that is. Queued in the transaction that stores their messages, so that an outage of
-- the older service loses nothing; given to it at least once, under an id that stays the same.

create table public.legacy_deliveries (
  -- What the older service is told, so that it knows a repetition. Ordered by time (version 7).
  id uuid not null default (
    lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') || '7' ||
    substr(replace(gen_random_uuid()::text, '-', ''), 14)
  )::uuid,
  -- Null where it is about several.
  org_id uuid,
  contact_id uuid,
  -- The organization whose own app secret signed it; null for ours.
  signed_by_org_id uuid,
  -- The delivery as it came, byte for byte: kept until it is forwarded, and no longer.
  body bytea,
  -- As it came; null where the body is ours.
  signature text,
  is_whole boolean not null,
  -- [{org_id, contact_id, id, created_at, phone_number_id, wamid}]
  messages jsonb not null default '[]',
  -- [{org_id, phone_number_id, wamid, status}]
  statuses jsonb not null default '[]',
  state text not null default 'queued',
  queued_at timestamptz not null default clock_timestamp(),
  claimed_at timestamptz,
  forwarded_at timestamptz,
  -- There was no address for it any more.
  ignored_at timestamptz,
  dead_lettered_at timestamptz,
  -- When it may next be claimed: where its backoff, or its lease, ends. Null once it is done with.
  due_at timestamptz default clock_timestamp(),
  fencing_token bigint,
  attempts integer not null default 0,
  -- Whose webhook took it; null for the default one.
  agent text,
  response_status integer,
  last_error text,
  created_at timestamptz not null default now(),
  constraint legacy_deliveries_pkey primary key (id),
  constraint legacy_deliveries_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint legacy_deliveries_contact_fkey foreign key (org_id, contact_id)
    references public.contacts (org_id, id) on delete cascade,
  constraint legacy_deliveries_signed_by_org_id_fkey foreign key (signed_by_org_id)
    references public.organizations (id) on delete cascade,
  constraint legacy_deliveries_state_is_known
    check (state in ('queued', 'claimed', 'forwarded', 'ignored', 'dead_lettered')),
  constraint legacy_deliveries_state_has_its_timestamp check (
    (state = 'forwarded') = (forwarded_at is not null) and (state = 'ignored') = (ignored_at is not null)
    and (state = 'dead_lettered') = (dead_lettered_at is not null)
    and (state <> 'claimed' or claimed_at is not null)
  ),
  constraint legacy_deliveries_is_due_while_it_waits check ((due_at is not null) = (state in ('queued', 'claimed'))),
  constraint legacy_deliveries_body_is_kept_while_needed
    check ((body is null) = (state in ('forwarded', 'ignored'))),
  constraint legacy_deliveries_whole_has_its_signature check (not is_whole or signature is not null),
  constraint legacy_deliveries_attempts_are_not_negative check (attempts >= 0)
);
create index legacy_deliveries_due_at_idx on public.legacy_deliveries (due_at) where due_at is not null;
create index legacy_deliveries_waiting_idx on public.legacy_deliveries (created_at) where due_at is not null;
create index legacy_deliveries_contact_forwarded_at_idx
  on public.legacy_deliveries (org_id, contact_id, forwarded_at desc);
create index legacy_deliveries_signed_by_org_id_idx on public.legacy_deliveries (signed_by_org_id);
create index legacy_deliveries_created_at_idx on public.legacy_deliveries using brin (created_at)
  with (pages_per_range = 32);

alter table public.legacy_deliveries enable row level security;
revoke all on table public.legacy_deliveries from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.legacy_deliveries to service_role;
-- Nobody else: a body may hold what another organization's people wrote.
create policy "only the service role reaches legacy_deliveries" on public.legacy_deliveries
  for all to service_role using (true) with check (true);

-- The statuses of messages that we didn't send: the older service's. Each is claimed once, however often it is
-- delivered. p_statuses: [{d, org_id, phone_number_id, wamid, row_id, status}] -> the same, of those.
create function private.claim_foreign_statuses(p_statuses jsonb) returns jsonb
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
declare
  v_claimed jsonb;
begin
  with unknown as materialized (
    select distinct on (told.org_id, told.wamid, told.status)
      told.*, concat_ws(':', 'whatsapp', 'status', told.wamid, told.status) as event_id
    from jsonb_to_recordset(p_statuses) as told (
      d integer, org_id uuid, phone_number_id text, wamid text, row_id uuid, status text
    )
    where (
      select message.id from public.outbound_messages as message
      where message.id = told.row_id and message.org_id = told.org_id
    ) is null
      and (
        select message.id from public.outbound_messages as message
        where message.org_id = told.org_id and message.wamid = told.wamid
        limit 1
      ) is null
    order by told.org_id, told.wamid, told.status, told.d
  ),
  claimed as (
    insert into public.processed_webhook_events (org_id, event_id, event_type)
    select unknown.org_id, unknown.event_id, 'status.' || unknown.status
    from unknown
    order by unknown.org_id, unknown.event_id
    on conflict (org_id, event_id) do nothing
    returning org_id, event_id
  )
  select jsonb_agg(jsonb_build_object(
    'd', unknown.d, 'org_id', unknown.org_id, 'phone_number_id', unknown.phone_number_id,
    'wamid', unknown.wamid, 'status', unknown.status
  ) order by unknown.d)
  into v_claimed
  from unknown
  where ((unknown.org_id, unknown.event_id) in (select claimed.org_id, claimed.event_id from claimed)) is true;
  return coalesce(v_claimed, '[]');
end
$$;
revoke all on function private.claim_foreign_statuses(jsonb) from public, anon, authenticated;
grant execute on function private.claim_foreign_statuses(jsonb) to service_role;

-- One row for each delivery of a batch of which something goes to the older service: p_messages and p_statuses,
-- each with d. It goes whole where that is all that the delivery has. Answers how many.
create function private.queue_legacy_deliveries(p_request jsonb, p_messages jsonb, p_statuses jsonb) returns integer
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set jit = off set enable_nestloop = off as $$
declare
  v_count integer;
begin
  if p_messages = '[]' and p_statuses = '[]' then
    return 0;
  end if;
  with leaving as materialized (
    select (item.value ->> 'd')::integer as d, true as is_message, item.value - 'd' as value
    from jsonb_array_elements(p_messages) as item
    union all
    select (item.value ->> 'd')::integer, false, item.value - 'd'
    from jsonb_array_elements(p_statuses) as item
  ),
  parts as (
    select
      leaving.d, count(*) as total,
      array_agg(distinct leaving.value ->> 'org_id') as org_ids,
      array_agg(distinct leaving.value ->> 'contact_id') filter (where leaving.is_message) as contact_ids,
      jsonb_agg(leaving.value) filter (where leaving.is_message) as messages,
      jsonb_agg(leaving.value) filter (where not leaving.is_message) as statuses
    from leaving
    group by leaving.d
  ),
  found as (
    select told.d, count(*) as total
    from (
      select message.d from jsonb_to_recordset(coalesce(p_request -> 'messages', '[]')) as message (d integer)
      union all
      select status.d from jsonb_to_recordset(coalesce(p_request -> 'statuses', '[]')) as status (d integer)
    ) as told
    group by told.d
  )
  insert into public.legacy_deliveries (
    org_id, contact_id, signed_by_org_id, body, signature, is_whole, messages, statuses
  )
  select
    case when cardinality(parts.org_ids) = 1 then parts.org_ids[1]::uuid end,
    case when cardinality(parts.org_ids) = 1 and cardinality(parts.contact_ids) = 1 then parts.contact_ids[1]::uuid end,
    body.signed_by, decode(body.body_base64, 'base64'), body.signature, parts.total = found.total,
    coalesce(parts.messages, '[]'), coalesce(parts.statuses, '[]')
  from parts
  join found on found.d = parts.d
  -- A delivery whose body didn't come is refused by the table: it is delivered again.
  left join jsonb_to_recordset(p_request -> 'bodies') as body (
    d integer, signed_by uuid, signature text, body_base64 text
  ) on body.d = parts.d
  order by parts.d;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;
revoke all on function private.queue_legacy_deliveries(jsonb, jsonb, jsonb) from public, anon, authenticated;
grant execute on function private.queue_legacy_deliveries(jsonb, jsonb, jsonb) to service_role;

-- What a turn has claimed goes to the older service after all: the kill switch was pulled, or the person denied,
-- while it waited. How it came is not known any more: a delivery is made of what is stored of it. Where there is
-- no older service it is ignored.
create function private.forward_claimed_messages(p_org_id uuid, p_contact_id uuid, p_after bigint, p_through bigint)
returns void
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
declare
  v_is_forwarded constant boolean := private.forwards_to_legacy(private.flags_in_force());
  v_messages jsonb;
  v_changes jsonb;
begin
  with disposed as (
    update public.inbound_messages as message
    set disposition = case when v_is_forwarded then 'forwarding' else 'ignored' end, disposed_at = now()
    where message.org_id = p_org_id and message.contact_id = p_contact_id
      and message.sequence > p_after and message.sequence <= p_through
      and message.created_at between now() - interval '35 days' and now() + interval '1 day'
      and message.disposition = 'received'
    returning message.*
  )
  select
    jsonb_agg(jsonb_build_object(
      'org_id', disposed.org_id, 'contact_id', disposed.contact_id, 'id', disposed.id,
      'created_at', disposed.created_at, 'phone_number_id', disposed.phone_number_id, 'wamid', disposed.wamid
    ) order by disposed.sequence),
    jsonb_agg(jsonb_build_object('field', 'messages', 'value', jsonb_build_object(
      'messaging_product', 'whatsapp',
      'metadata', jsonb_build_object(
        'display_phone_number', (
          select integration.public_config ->> 'display_phone_number' from public.integrations as integration
          where integration.org_id = p_org_id and integration.provider = 'whatsapp'
        ),
        'phone_number_id', disposed.phone_number_id
      ),
      'contacts', jsonb_build_array(jsonb_strip_nulls(jsonb_build_object(
        'profile', (
          select jsonb_build_object('name', coalesce(contact.name, '')) from public.contacts as contact
          where contact.id = p_contact_id
        ),
        'wa_id', disposed.payload -> 'from', 'user_id', disposed.payload -> 'from_user_id'
      ))),
      'messages', jsonb_build_array(disposed.payload)
    )) order by disposed.sequence)
  into v_messages, v_changes
  from disposed;
  if not v_is_forwarded or v_messages is null then
    return;
  end if;
  insert into public.legacy_deliveries (org_id, contact_id, signed_by_org_id, body, is_whole, messages)
  values (
    p_org_id, p_contact_id,
    (
      -- Signed as its number's deliveries are.
      select integration.org_id from public.integrations as integration
      where integration.org_id = p_org_id and integration.provider = 'whatsapp' and integration.connected
        and integration.public_config -> 'has_app_secret' = 'true'
    ),
    convert_to(jsonb_build_object(
      'object', 'whatsapp_business_account',
      'entry', jsonb_build_array(jsonb_build_object(
        'id', (
          select integration.public_config ->> 'business_account_id' from public.integrations as integration
          where integration.org_id = p_org_id and integration.provider = 'whatsapp'
        ),
        'changes', v_changes
      ))
    )::text, 'UTF8'),
    false, v_messages
  );
end
$$;
revoke all on function private.forward_claimed_messages(uuid, uuid, bigint, bigint) from public, anon, authenticated;
grant execute on function private.forward_claimed_messages(uuid, uuid, bigint, bigint) to service_role;

-- What became of the messages of a delivery, kept with each of them.
create function private.dispose_forwarded_messages(p_messages jsonb, p_disposition text) returns void
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
declare
  v_message record;
begin
  for v_message in
    select told.id, told.created_at
    from jsonb_to_recordset(p_messages) as told (id uuid, created_at timestamptz)
    order by told.id
  loop
    update public.inbound_messages as message
    set disposition = p_disposition, disposed_at = now()
    where message.id = v_message.id and message.created_at = v_message.created_at;
  end loop;
end
$$;
revoke all on function private.dispose_forwarded_messages(jsonb, text) from public, anon, authenticated;
grant execute on function private.dispose_forwarded_messages(jsonb, text) to service_role;

create function private.dead_letter_legacy_delivery(p_delivery public.legacy_deliveries, p_error text) returns void
language plpgsql set search_path = '' as $$
begin
  update public.legacy_deliveries as delivery
  set state = 'dead_lettered', dead_lettered_at = now(), due_at = null, last_error = left(p_error, 2000)
  where delivery.id = p_delivery.id;
  perform private.dispose_forwarded_messages(p_delivery.messages, 'dead_lettered');
  perform private.record_dead_letter(
    p_delivery.org_id, 'legacy', p_delivery.id::text, p_error,
    jsonb_build_object('delivery_id', p_delivery.id), p_delivery.attempts
  );
end
$$;
revoke all on function private.dead_letter_legacy_delivery(public.legacy_deliveries, text)
  from public, anon, authenticated;
grant execute on function private.dead_letter_legacy_delivery(public.legacy_deliveries, text) to service_role;

-- {limit, lease_seconds, max_attempts} -> {code: 'claimed', webhooks: app_config['legacy_webhooks'] in force,
--   deliveries: [{id, org_id, fencing_token, attempts, signed_by_org_id, is_whole, signature, body_base64,
--   messages: [{phone_number_id, wamid}], statuses: [{phone_number_id, wamid, status}],
--   recent_agent (whose webhook had this person's last one, of the last half hour)}]}, the longest waiting first.
create function public.claim_legacy_deliveries(request jsonb) returns jsonb
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
declare
  v_limit constant integer := least(greatest(coalesce((request ->> 'limit')::integer, 20), 1), 100);
  v_max_attempts constant integer := least(greatest(coalesce((request ->> 'max_attempts')::integer, 24), 1), 1000);
  v_until constant timestamptz := clock_timestamp()
    + make_interval(secs => least(greatest(coalesce((request ->> 'lease_seconds')::integer, 60), 1), 600));
  v_delivery public.legacy_deliveries;
  v_deliveries jsonb := '[]';
  v_bytes integer := 0;
begin
  perform set_config('app.actor', 'system', true);
  for v_delivery in
    select delivery.*
    from public.legacy_deliveries as delivery
    where delivery.due_at <= clock_timestamp()
    order by delivery.due_at
    limit least(v_limit, 100)
    for update skip locked
  loop
    if v_delivery.attempts >= v_max_attempts then
      perform private.dead_letter_legacy_delivery(
        v_delivery, 'The forwarding was interrupted: its function ended before recording it'
      );
      continue;
    end if;
    update public.legacy_deliveries as delivery
    set state = 'claimed', claimed_at = clock_timestamp(), due_at = v_until, attempts = delivery.attempts + 1,
        fencing_token = nextval('private.fencing_tokens')
    where delivery.id = v_delivery.id
    returning * into v_delivery;
    v_bytes := v_bytes + length(v_delivery.body);
    v_deliveries := v_deliveries || jsonb_build_object(
      'id', v_delivery.id, 'org_id', v_delivery.org_id, 'fencing_token', v_delivery.fencing_token, 'attempts', v_delivery.attempts,
      'signed_by_org_id', v_delivery.signed_by_org_id, 'is_whole', v_delivery.is_whole,
      'signature', v_delivery.signature, 'body_base64', translate(encode(v_delivery.body, 'base64'), E'\n', ''),
      'messages', v_delivery.messages, 'statuses', v_delivery.statuses,
      'recent_agent', (
        select before.agent from public.legacy_deliveries as before
        where before.org_id = v_delivery.org_id and before.contact_id = v_delivery.contact_id
          and before.forwarded_at > now() - interval '30 minutes'
        order by before.forwarded_at desc
        limit 1
      )
    );
    -- As much as a function can hold beside everything else.
    exit when v_bytes > 8 * 1024 * 1024;
  end loop;
  return jsonb_build_object(
    'code', 'claimed',
    'webhooks', (
      select kept.value from private.app_config_in_force as kept where kept.key = 'legacy_webhooks'
    ),
    'deliveries', v_deliveries
  );
end
$$;
revoke all on function public.claim_legacy_deliveries(jsonb) from public, anon, authenticated;
grant execute on function public.claim_legacy_deliveries(jsonb) to service_role;

-- {max_attempts, results: [{id, fencing_token, outcome, agent, status, error, retry_after_seconds}],
--  provider_calls: [{org_id, calls}]} -> {code: 'recorded', lost: [id] whose lease is somebody else's now, dead_lettered: n}.
-- outcome: 'forwarded' | 'ignored' there is no address | 'failed' | 'held' nothing left this process, so it
-- doesn't count as an attempt and waits for as long as it is told to, or a tenth of its age (five minutes at most).
-- What failed waits for its backoff, up to an hour, or for longer where it is told to, and is given up in the end.
create function public.record_legacy_deliveries(request jsonb) returns jsonb
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
declare
  v_max_attempts constant integer := least(greatest(coalesce((request ->> 'max_attempts')::integer, 24), 1), 1000);
  v_result record;
  v_delivery public.legacy_deliveries;
  v_lost jsonb := '[]';
  v_dead_lettered integer := 0;
begin
  perform set_config('app.actor', 'system', true);
  for v_result in
    select result.*
    from jsonb_to_recordset(request -> 'results') as result (
      id uuid, fencing_token bigint, outcome text, agent text, status integer, error text,
      retry_after_seconds double precision
    )
    order by result.id
  loop
    select * into v_delivery
    from public.legacy_deliveries as delivery
    where delivery.id = v_result.id and delivery.fencing_token = v_result.fencing_token
    for update;
    if not found then
      v_lost := v_lost || to_jsonb(v_result.id);
      continue;
    elsif v_delivery.state <> 'claimed' then
      -- The answer of an earlier call was lost.
      continue;
    elsif v_result.outcome in ('forwarded', 'ignored') then
      update public.legacy_deliveries as delivery
      set state = v_result.outcome,
          forwarded_at = case v_result.outcome when 'forwarded' then clock_timestamp() end,
          ignored_at = case v_result.outcome when 'ignored' then clock_timestamp() end,
          due_at = null, body = null, agent = v_result.agent, response_status = v_result.status, last_error = null
      where delivery.id = v_delivery.id;
      perform private.dispose_forwarded_messages(v_delivery.messages, v_result.outcome);
    elsif v_result.outcome = 'failed' and v_delivery.attempts >= v_max_attempts then
      perform private.dead_letter_legacy_delivery(v_delivery, v_result.error);
      v_dead_lettered := v_dead_lettered + 1;
    elsif v_result.outcome in ('failed', 'held') then
      update public.legacy_deliveries as delivery
      set state = 'queued', queued_at = clock_timestamp(), response_status = v_result.status,
          attempts = delivery.attempts - case v_result.outcome when 'held' then 1 else 0 end,
          last_error = left(v_result.error, 2000),
          due_at = clock_timestamp() + make_interval(secs => least(3600, case v_result.outcome
            -- What the older service asks for may make the wait longer, never shorter.
            when 'failed' then greatest(
              v_result.retry_after_seconds, 5 * power(2, least(delivery.attempts, 12) - 1) * (0.9 + 0.2 * random())
            )
            -- A tenth of what it has waited already: a long outage is not asked about for each delivery all the time.
            else greatest(
              v_result.retry_after_seconds, 1,
              least(300, extract(epoch from clock_timestamp() - delivery.created_at) / 10) * (0.9 + 0.2 * random())
            )
          end))
      where delivery.id = v_delivery.id;
    else
      raise exception 'Cannot record a forwarded delivery: "%" is not an outcome', v_result.outcome
        using errcode = 'invalid_parameter_value';
    end if;
  end loop;
  for v_result in
    select counted.org_id, counted.calls
    from jsonb_to_recordset(coalesce(nullif(request -> 'provider_calls', 'null'), '[]')) as counted (org_id uuid, calls jsonb)
    where exists (select 1 from public.organizations as organization where organization.id = counted.org_id)
    order by counted.org_id
  loop
    perform private.record_provider_calls(v_result.org_id, v_result.calls);
  end loop;
  return jsonb_build_object('code', 'recorded', 'lost', v_lost, 'dead_lettered', v_dead_lettered);
end
$$;
revoke all on function public.record_legacy_deliveries(jsonb) from public, anon, authenticated;
grant execute on function public.record_legacy_deliveries(jsonb) to service_role;

alter table public.provider_call_stats
  drop constraint provider_call_stats_provider_is_known,
  add constraint provider_call_stats_provider_is_known
    check (provider in ('vapi', 'twilio', 'whatsapp', 'gemini', 'openai', 'legacy'));

alter table public.dead_letters
  drop constraint dead_letters_source_known,
  add constraint dead_letters_source_known check (source in ('whatsapp', 'vapi', 'outbox', 'job', 'legacy'));

-- It is forwarded again, under the id that it had.
create function private.replay_legacy_delivery(p_letter public.dead_letters) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_messages jsonb;
begin
  update public.legacy_deliveries as delivery
  set state = 'queued', queued_at = clock_timestamp(), due_at = clock_timestamp(), dead_lettered_at = null,
      attempts = 0
  where delivery.id = (p_letter.payload ->> 'delivery_id')::uuid and delivery.state = 'dead_lettered'
    and delivery.org_id is not distinct from p_letter.org_id
  returning delivery.messages into v_messages;
  if not found then
    return false;
  end if;
  perform private.dispose_forwarded_messages(v_messages, 'forwarding');
  return true;
end
$$;
revoke all on function private.replay_legacy_delivery(public.dead_letters) from public, anon, authenticated;
grant execute on function private.replay_legacy_delivery(public.dead_letters) to service_role;

-- The worker's part: what no function has forwarded, or couldn't.
do $$
begin
  perform private.add_job_kinds(array['forward_deliveries']);
end
$$;

create function private.queue_due_forward_deliveries() returns integer
language plpgsql set search_path = '' as $$
begin
  if not exists (
    select 1 from public.legacy_deliveries as delivery where delivery.due_at <= clock_timestamp()
  ) then
    return 0;
  end if;
  return private.queue_job(
    'forward_deliveries', null, floor(extract(epoch from clock_timestamp()) / 10)::text, '{}'
  )::integer;
end
$$;
revoke all on function private.queue_due_forward_deliveries() from public, anon, authenticated;
grant execute on function private.queue_due_forward_deliveries() to service_role;

do $$
begin
  if exists (select 1 from pg_catalog.pg_extension as installed where installed.extname = 'pg_cron') then
    perform private.schedule_worker('forward_deliveries', '10 seconds');
  end if;
end
$$;

-- What still waits when its time is over is given up, so that nothing vanishes unseen; what is done with is deleted
-- when it has been for as long. Answers how many were deleted.
create function private.expire_legacy_deliveries(p_limit integer) returns integer
language plpgsql set search_path = '' set enable_seqscan = off set jit = off as $$
declare
  v_cutoff constant timestamptz := private.retention_cutoff('legacy_deliveries');
  v_delivery public.legacy_deliveries;
  v_count integer;
begin
  if v_cutoff is null then
    return 0;
  end if;
  for v_delivery in
    select delivery.*
    from public.legacy_deliveries as delivery
    where delivery.created_at < v_cutoff and delivery.due_at is not null
      and (delivery.state = 'queued' or delivery.due_at <= clock_timestamp())
    limit p_limit
    for update skip locked
  loop
    perform private.dead_letter_legacy_delivery(v_delivery, 'It waited for longer than deliveries are kept');
  end loop;
  delete from public.legacy_deliveries as delivery
  where delivery.id = any (array(
    select old.id from public.legacy_deliveries as old
    where old.created_at < v_cutoff and old.due_at is null
      and coalesce(old.forwarded_at, old.ignored_at, old.dead_lettered_at) < v_cutoff
    limit p_limit for update skip locked
  ));
  get diagnostics v_count = row_count;
  return v_count;
end
$$;
revoke all on function private.expire_legacy_deliveries(integer) from public, anon, authenticated;
grant execute on function private.expire_legacy_deliveries(integer) to service_role;

-- Bodies that were forwarded are gone already; this is what is left of a delivery, and what was given up.
do $$
begin
  perform set_config('app.actor', 'migration', true);
  perform set_config('app.reason', 'Defaults of a new installation', true);
  update public.app_config as config
  set value = config.value || '{"legacy_deliveries": 30}'
  where config.key = 'retention_days' and not config.value ? 'legacy_deliveries';
  perform set_config('app.actor', '', true);
  perform set_config('app.reason', '', true);
end
$$;
