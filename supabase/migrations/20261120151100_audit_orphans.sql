-- That somebody had assistants at Vapi deleted which no row knows.

-- {org_id, user_id, request_id, assistant_ids} -> 'recorded' | 'held': an agent is being synced, or may
-- have made one of them a moment ago | 'known': an agent has one of them. Called before it is done, so
-- that nothing is ever deleted unseen; what came of it is in operation_events.
create function public.record_orphans_deleted(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_assistant_id text;
begin
  perform set_config('app.actor', coalesce(nullif(request ->> 'user_id', ''), 'system'), true);
  -- A sync at work may find one of them and take it over. Locked, so that none begins before this ends;
  -- not claimed, since the next sync has to see that the one before was interrupted.
  perform from public.leases as lease
  where lease.org_id = v_org_id and lease.resource like 'agent\_sync:%'
  order by lease.resource
  for update;
  if exists (
    select 1
    from public.leases as lease
    where lease.org_id = v_org_id
      and lease.resource like 'agent\_sync:%'
      and lease.released_at is null
      and lease.expires_at > clock_timestamp()
  ) or exists (
    select 1 from public.agents as agent where agent.org_id = v_org_id and agent.create_intended_at is not null
  ) then
    return jsonb_build_object('code', 'held');
  end if;
  if exists (
    select 1
    from public.agents as agent
    where agent.vapi_assistant_id in (select jsonb_array_elements_text(request -> 'assistant_ids'))
  ) then
    return jsonb_build_object('code', 'known');
  end if;
  for v_assistant_id in
    select asked.id from jsonb_array_elements_text(request -> 'assistant_ids') as asked (id)
  loop
    perform private.record_audit(
      v_org_id, 'assistant_deleted', v_assistant_id, request ->> 'request_id',
      jsonb_build_object('vapi_assistant_id', v_assistant_id)
    );
  end loop;
  return jsonb_build_object('code', 'recorded');
end
$$;
revoke all on function public.record_orphans_deleted(jsonb) from public, anon, authenticated;
grant execute on function public.record_orphans_deleted(jsonb) to service_role;
