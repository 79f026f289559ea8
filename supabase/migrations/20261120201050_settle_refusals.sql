-- WhatsApp may take a message and refuse it afterwards, in a status. What follows is decided as where it
-- is refused at once, by the same table in the functions; here is what waits for that, and its effect.

-- {limit} -> {code: 'listed', refusals: [{org_id, contact_id, id, type, attempts, wamid, error_code, error,
-- fingerprint}], senders: {org_id: sender}}, the oldest first. fingerprint: of the token that it may have been
-- sent with, null where another has been checked since. Whoever looks at the same ones at once decides the
-- same, and settle_refusals settles each once.
create function public.list_refusals(request jsonb) returns jsonb
language plpgsql stable set search_path = '' set enable_seqscan = off set enable_sort = off as $$
declare
  v_limit constant integer := least(greatest(coalesce((request ->> 'limit')::integer, 50), 1), 100);
  v_refusals jsonb;
begin
  select coalesce(jsonb_agg(jsonb_build_object(
    'org_id', refused.org_id, 'contact_id', refused.contact_id, 'id', refused.id, 'type', refused.type,
    'attempts', refused.attempts, 'wamid', refused.wamid, 'error_code', refused.error_code, 'error', refused.error,
    'fingerprint', (
      select integration.fingerprint from public.integrations as integration
      where integration.org_id = refused.org_id and integration.provider = 'whatsapp' and integration.connected
        and coalesce(integration.last_checked_at, '-infinity') <= refused.refused_at
    )
  )), '[]')
  into v_refusals
  from (
    select message.*
    from public.outbound_messages as message
    where message.refused_at is not null
    order by message.refused_at
    limit least(v_limit, 100)
  ) as refused;
  return jsonb_build_object(
    'code', 'listed',
    'refusals', v_refusals,
    'senders', coalesce((
      select jsonb_object_agg(listed.org_id, private.describe_sender(listed.org_id::uuid))
      from (
        select distinct refusal.value ->> 'org_id' as org_id from jsonb_array_elements(v_refusals) as refusal
      ) as listed
    ), '{}')
  );
end
$$;
revoke all on function public.list_refusals(jsonb) from public, anon, authenticated;
grant execute on function public.list_refusals(jsonb) to service_role;

-- {max_attempts?, results: [{org_id, contact_id, id, wamid, outcome, retry_at, type, content}], opted_out, pauses,
-- failed_integrations (as in record_sent)} -> {code: 'settled', settled: number}.
-- outcome: 'failed' for good | 'retry' or 'held' to send it again at retry_at, as type and content where they are
-- given. What has been tried often enough is given up. What is settled already stays as it is.
create function public.settle_refusals(request jsonb) returns jsonb
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_max_attempts constant integer := least(greatest(coalesce((request ->> 'max_attempts')::integer, 8), 1), 100);
  v_settled jsonb;
  v_row record;
begin
  for v_row in
    select distinct result.org_id, result.contact_id
    from jsonb_to_recordset(request -> 'results') as result (org_id uuid, contact_id uuid)
    order by result.org_id, result.contact_id
  loop
    perform 1
    from public.contact_queues as queue
    where queue.org_id = v_row.org_id and queue.contact_id = v_row.contact_id
    for update;
  end loop;
  perform 1
  from public.outbound_messages as message
  where message.id = any (array(
    select result.id from jsonb_to_recordset(request -> 'results') as result (id uuid)
  ))
  order by message.id
  for update;

  with input as materialized (
    select result.*, message.attempts >= v_max_attempts and result.outcome <> 'failed' as is_given_up
    from jsonb_to_recordset(request -> 'results') as result (
      org_id uuid, id uuid, wamid text, outcome text, retry_at timestamptz, type text, content jsonb
    )
    cross join lateral (
      select refused.attempts
      from public.outbound_messages as refused
      where refused.id = result.id and refused.org_id = result.org_id and refused.state = 'failed'
        and refused.refused_at is not null and refused.wamid is not distinct from result.wamid
      limit 1
    ) as message
  ),
  settled as (
    update public.outbound_messages as message
    set refused_at = null,
        state = case when input.outcome = 'failed' or input.is_given_up then 'failed' else 'queued' end,
        not_before = coalesce(input.retry_at, now()),
        type = coalesce(input.type, message.type),
        content = coalesce(input.content, message.content),
        wamid = case when input.outcome = 'failed' or input.is_given_up then message.wamid end,
        fencing_token = case when input.outcome = 'failed' or input.is_given_up then message.fencing_token end,
        sent_at = case when input.outcome = 'failed' or input.is_given_up then message.sent_at end,
        failed_at = case when input.outcome = 'failed' or input.is_given_up then message.failed_at end,
        unknown_at = case when input.outcome = 'failed' or input.is_given_up then message.unknown_at end,
        refused_wamids = case
          when input.outcome = 'failed' or input.is_given_up or message.wamid is null then message.refused_wamids
          else message.refused_wamids || message.wamid
        end
    from input
    where message.id = input.id and message.id = any (array(select input.id from input))
    returning message.id, message.org_id, message.contact_id, message.state, message.not_before, message.attempts,
      message.error, message.error_code, input.is_given_up
  )
  select coalesce(jsonb_agg(to_jsonb(settled) order by settled.org_id, settled.contact_id, settled.id), '[]')
  into v_settled
  from settled;

  for v_row in
    select again.org_id, again.contact_id, min(again.not_before) as due_at
    from jsonb_to_recordset(v_settled) as again (org_id uuid, contact_id uuid, state text, not_before timestamptz)
    where again.state = 'queued'
    group by again.org_id, again.contact_id
    order by again.org_id, again.contact_id
  loop
    insert into public.contact_queues as queue (org_id, contact_id, send_due_at)
    values (v_row.org_id, v_row.contact_id, v_row.due_at)
    on conflict (org_id, contact_id) do update set
      -- Whoever is sending now looks again when done.
      send_due_at = case
        when queue.send_leased_until > clock_timestamp() then queue.send_due_at
        else least(queue.send_due_at, excluded.send_due_at)
      end;
  end loop;

  for v_row in
    select message.*
    from jsonb_to_recordset(v_settled) as message (
      id uuid, org_id uuid, contact_id uuid, attempts integer, error text, error_code integer, is_given_up boolean
    )
    where message.is_given_up
    order by message.org_id, message.id
  loop
    perform private.record_dead_letter(
      v_row.org_id, 'outbox', v_row.id::text, coalesce(v_row.error, 'WhatsApp refused it'),
      jsonb_build_object('message_id', v_row.id, 'contact_id', v_row.contact_id, 'error_code', v_row.error_code),
      v_row.attempts
    );
  end loop;
  perform private.apply_send_consequences(request);
  return jsonb_build_object('code', 'settled', 'settled', jsonb_array_length(v_settled));
end
$$;
revoke all on function public.settle_refusals(jsonb) from public, anon, authenticated;
grant execute on function public.settle_refusals(jsonb) to service_role;
