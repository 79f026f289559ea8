-- Agents from templates: what there is to choose from, and one applied to the agent of its role.

-- {language|null} -> 'listed' {templates: [{id, key, language, role, name, description, defaults, required_settings}]}.
-- "fr-CA" finds those in French.
create function public.list_agent_templates(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('code', 'listed', 'templates', coalesce((
    select jsonb_agg(
      to_jsonb(template) - array['created_at', 'updated_at']
      order by template.role, template.key, template.language
    )
    from public.agent_templates as template
    where request ->> 'language' is null
      or template.language in (request ->> 'language', split_part(request ->> 'language', '-', 1))
  ), '[]'));
end
$$;
revoke all on function public.list_agent_templates(jsonb) from public, anon, authenticated;
grant execute on function public.list_agent_templates(jsonb) to service_role;

-- The template of a role in a language, or in the language without its region; where none is asked for,
-- in the organization's, else in English. Null where there is none.
create function private.find_agent_template(p_org_id uuid, p_role text, p_key text, p_language text)
returns public.agent_templates
language plpgsql stable set search_path = '' as $$
declare
  v_languages text[] := array[p_language, split_part(p_language, '-', 1)];
  v_template public.agent_templates;
begin
  if p_language is null then
    select array[settings.language, split_part(settings.language, '-', 1), 'en'] into v_languages
    from public.organization_settings as settings
    where settings.org_id = p_org_id;
  end if;
  select * into v_template
  from public.agent_templates as template
  where template.role = p_role and template.key = p_key and template.language = any (v_languages)
  order by array_position(v_languages, template.language)
  limit 1;
  return v_template;
end
$$;
revoke all on function private.find_agent_template(uuid, text, text, text) from public, anon, authenticated;
grant execute on function private.find_agent_template(uuid, text, text, text) to service_role;

-- Those of the given settings that an organization hasn't filled in.
create function private.missing_settings(p_org_id uuid, p_required text[]) returns text[]
language plpgsql stable set search_path = '' as $$
declare
  v_settings constant jsonb := coalesce(private.read_settings(p_org_id), '{}');
begin
  return array(
    select required.name
    from unnest(p_required) with ordinality as required (name, position)
    where coalesce(v_settings -> required.name, 'null') in ('null', '{}', '[]', '""')
    order by required.position
  );
end
$$;
revoke all on function private.missing_settings(uuid, text[]) from public, anon, authenticated;
grant execute on function private.missing_settings(uuid, text[]) to service_role;

-- {org_id, user_id, request_id, role, template_key, language|null, if_match} -> as private.change_agents, with
-- template {id, key, language} | 'template_not_found' {available: [{role, key, language}]} |
-- 'settings_missing' {missing}. A new revision of the role's agent, which keeps its phone number; made where
-- there is none.
create function public.apply_agent_template(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_role constant text := request ->> 'role';
  v_template constant public.agent_templates :=
    private.find_agent_template(v_org_id, v_role, request ->> 'template_key', request ->> 'language');
  v_missing text[];
  v_answer jsonb;
begin
  perform set_config('app.actor', coalesce(nullif(request ->> 'user_id', ''), 'system'), true);
  if v_template.id is null then
    return jsonb_build_object('code', 'template_not_found', 'available', coalesce((
      select jsonb_agg(
        jsonb_build_object('role', template.role, 'key', template.key, 'language', template.language)
        order by template.role, template.key, template.language
      )
      from public.agent_templates as template
    ), '[]'));
  end if;
  v_missing := private.missing_settings(v_org_id, v_template.required_settings);
  if v_missing <> '{}' then
    return jsonb_build_object('code', 'settings_missing', 'missing', to_jsonb(v_missing));
  end if;

  perform set_config('app.reason', format('Template "%s" (%s)', v_template.key, v_template.language), true);
  v_answer := private.change_agents(
    v_org_id, request ->> 'request_id', 'agent_template', 'agent_template_applied',
    jsonb_build_object(v_role, jsonb_build_object(
      'set',
      (private.built_in_agent_defaults(v_role) - 'vapi_phone_number_id')
        || private.template_defaults(v_template, v_org_id)
        || jsonb_build_object('template_id', v_template.id)
    )),
    request -> 'if_match'
  );
  return v_answer || jsonb_build_object(
    'template', jsonb_build_object('id', v_template.id, 'key', v_template.key, 'language', v_template.language)
  );
end
$$;
revoke all on function public.apply_agent_template(jsonb) from public, anon, authenticated;
grant execute on function public.apply_agent_template(jsonb) to service_role;
