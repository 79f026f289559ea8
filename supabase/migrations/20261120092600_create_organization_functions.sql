-- Organizations are made by operators, never by a dashboard: the caller chooses the owner.

-- {name, owner_user_id, parent_id|null, id|null} -> 'created' {org_id} | 'user_not_found' |
-- 'parent_not_found' | 'id_taken'. With an id it may be repeated: the same owner's organization is
-- 'created' again, another's is 'id_taken'.
create function public.create_organization(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_owner_user_id constant uuid := (request ->> 'owner_user_id')::uuid;
  v_org_id constant uuid := coalesce((request ->> 'id')::uuid, gen_random_uuid());
  v_violated text;
begin
  perform set_config('app.actor', coalesce(nullif(request ->> 'user_id', ''), 'system'), true);
  begin
    insert into public.organizations (id, name, parent_id)
    values (v_org_id, request ->> 'name', (request ->> 'parent_id')::uuid)
    on conflict on constraint organizations_pkey do nothing;
    if not found then
      return jsonb_build_object(
        'code', case
          when exists (
            select 1
            from public.organization_members as membership
            where membership.org_id = v_org_id
              and membership.user_id = v_owner_user_id
              and membership.role = 'owner'
          ) then 'created'
          else 'id_taken'
        end,
        'org_id', v_org_id
      );
    end if;
    insert into public.organization_members (org_id, user_id, role)
    values (v_org_id, v_owner_user_id, 'owner');
  exception when foreign_key_violation then
    -- The keys are the check: the service role has no right to read auth.users.
    get stacked diagnostics v_violated = constraint_name;
    if v_violated = 'organizations_parent_id_fkey' then
      return jsonb_build_object('code', 'parent_not_found');
    elsif v_violated = 'organization_members_user_id_fkey' then
      return jsonb_build_object('code', 'user_not_found');
    end if;
    raise;
  end;
  perform private.record_audit(
    v_org_id, 'organization_created', v_org_id::text, request ->> 'request_id',
    jsonb_build_object('owner_user_id', v_owner_user_id, 'parent_id', request -> 'parent_id')
  );
  return jsonb_build_object('code', 'created', 'org_id', v_org_id);
end
$$;
revoke all on function public.create_organization(jsonb) from public, anon, authenticated;
grant execute on function public.create_organization(jsonb) to service_role;
