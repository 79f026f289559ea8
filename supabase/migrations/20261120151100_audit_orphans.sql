-- That somebody had assistants at Vapi deleted which no row knows.

-- {org_id, user_id, request_id, assistant_ids} -> 'recorded'. Called before it is done, so that nothing is
-- ever deleted unseen; what came of it is in operation_events.
create function public.record_orphans_deleted(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_assistant_id text;
begin
  perform set_config('app.actor', coalesce(nullif(request ->> 'user_id', ''), 'system'), true);
  for v_assistant_id in
    select asked.id from jsonb_array_elements_text(request -> 'assistant_ids') as asked (id)
  loop
    perform private.record_audit(
      (request ->> 'org_id')::uuid, 'assistant_deleted', v_assistant_id, request ->> 'request_id',
      jsonb_build_object('vapi_assistant_id', v_assistant_id)
    );
  end loop;
  return jsonb_build_object('code', 'recorded');
end
$$;
revoke all on function public.record_orphans_deleted(jsonb) from public, anon, authenticated;
grant execute on function public.record_orphans_deleted(jsonb) to service_role;
