-- What an agent was, who made it so, and back to it.

-- The address of a person who changed something; null for what isn't a person.
-- Security definer: nobody else may read auth.users.
create function private.email_of_actor(p_actor text) returns text
language plpgsql stable security definer set search_path = '' as $$
begin
  if p_actor !~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' then
    return null;
  end if;
  return (select person.email from auth.users as person where person.id = p_actor::uuid);
end
$$;
revoke all on function private.email_of_actor(text) from public, anon, authenticated;
grant execute on function private.email_of_actor(text) to service_role;

-- {org_id, role, limit, before_revision|null} -> 'read' {revisions: [{revision, actor, actor_email, reason,
-- changed, before, after, created_at}], next_before|null} newest first, before and after of what changed;
-- next_before asks for the page after this | 'not_found'.
create function public.read_agent_history(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_limit constant integer := least(greatest(coalesce((request ->> 'limit')::integer, 20), 1), 100);
  v_before constant integer := coalesce((request ->> 'before_revision')::integer, 2147483647);
  v_agent_id uuid;
  v_revisions jsonb;
  v_oldest integer;
begin
  select agent.id into v_agent_id
  from public.agents as agent
  where agent.org_id = v_org_id and agent.role = request ->> 'role';
  if not found then
    return jsonb_build_object('code', 'not_found');
  end if;

  select
    jsonb_agg(
      jsonb_build_object(
        'revision', page.revision,
        'actor', page.actor,
        'actor_email', private.email_of_actor(page.actor),
        'reason', page.reason,
        'changed', to_jsonb(page.changed_columns),
        'before', coalesce((
          select jsonb_object_agg(value.key, value.value)
          from public.agent_revisions as previous
          cross join lateral jsonb_each(previous.snapshot) as value
          where previous.org_id = v_org_id
            and previous.agent_id = v_agent_id
            and previous.revision = page.revision - 1
            and value.key = any (page.changed_columns)
        ), '{}'),
        'after', coalesce((
          select jsonb_object_agg(value.key, value.value)
          from jsonb_each(page.snapshot) as value
          where value.key = any (page.changed_columns)
        ), '{}'),
        'created_at', page.created_at
      )
      order by page.revision desc
    ),
    min(page.revision)
  into v_revisions, v_oldest
  from (
    select *
    from public.agent_revisions as revision
    where revision.org_id = v_org_id and revision.agent_id = v_agent_id and revision.revision < v_before
    order by revision.revision desc
    limit v_limit
  ) as page;

  return jsonb_build_object(
    'code', 'read',
    'revisions', coalesce(v_revisions, '[]'),
    'next_before', case when exists (
      select 1
      from public.agent_revisions as older
      where older.org_id = v_org_id and older.agent_id = v_agent_id and older.revision < v_oldest
    ) then v_oldest end
  );
end
$$;
revoke all on function public.read_agent_history(jsonb) from public, anon, authenticated;
grant execute on function public.read_agent_history(jsonb) to service_role;

-- {org_id, user_id, request_id, role, revision, if_match} -> as private.change_agents | 'revision_not_found'.
-- A new revision with the content of the old one, its template and phone number included.
create function public.rollback_agent(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_role constant text := request ->> 'role';
  v_revision constant integer := (request ->> 'revision')::integer;
  v_snapshot jsonb;
begin
  perform set_config('app.actor', coalesce(nullif(request ->> 'user_id', ''), 'system'), true);
  perform set_config('app.reason', format('Rollback to revision %s', v_revision), true);

  select revision.snapshot into v_snapshot
  from public.agents as agent
  join public.agent_revisions as revision
    on revision.org_id = agent.org_id and revision.agent_id = agent.id and revision.revision = v_revision
  where agent.org_id = v_org_id and agent.role = v_role;
  if not found then
    return jsonb_build_object('code', 'revision_not_found');
  end if;

  -- What a snapshot doesn't have was not set then.
  v_snapshot := '{"template_id": null, "model": null}' || v_snapshot;
  if not exists (
    select 1 from public.agent_templates as template where template.id = (v_snapshot ->> 'template_id')::uuid
  ) then
    v_snapshot := v_snapshot || '{"template_id": null}';
  end if;
  return private.change_agents(
    v_org_id, request ->> 'request_id', 'agent_rollback', 'agent_rolled_back',
    jsonb_build_object(v_role, jsonb_build_object('set', v_snapshot)),
    request -> 'if_match'
  );
end
$$;
revoke all on function public.rollback_agent(jsonb) from public, anon, authenticated;
grant execute on function public.rollback_agent(jsonb) to service_role;
