-- What agents know belongs to what they should be: a sync of an agent keeps the tool attached, whoever
-- asked for it, and takes it away where it is no longer wanted.

-- Whether there is anything to find.
create function private.has_knowledge(p_org_id uuid) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return exists (
    select 1 from public.knowledge_base as document
    where document.org_id = p_org_id and document.content_hash is not null and document.active
  );
end
$$;
revoke all on function private.has_knowledge(uuid) from public, anon, authenticated;
grant execute on function private.has_knowledge(uuid) to service_role;

create or replace function private.read_settings(p_org_id uuid) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (
    select to_jsonb(settings) || jsonb_build_object('knowledge', (
      select jsonb_build_object(
        'mode', settings.phone_knowledge_mode,
        'has_documents', private.has_knowledge(p_org_id),
        'tool', case when sync.tool_id is not null then jsonb_build_object(
          'id', sync.tool_id, 'name', sync.tool_name, 'key_fingerprint', sync.key_fingerprint
        ) end,
        'roles', coalesce(to_jsonb(sync.assistant_roles), '["inbound", "outbound"]'),
        'retired_tool_ids', coalesce(to_jsonb(sync.retired_tool_ids), '[]')
      )
      from (select) as one
      left join public.knowledge_syncs as sync on sync.org_id = p_org_id
    ))
    from public.organization_settings as settings
    where settings.org_id = p_org_id
  );
end
$$;

-- How an organization is reached and wants to be: its WhatsApp number and token (sealed), settings, and
-- whether a question can be answered from documents.
create or replace function private.describe_sender(p_org_id uuid) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (
    select jsonb_build_object(
      'org_id', p_org_id,
      'settings', jsonb_build_object(
        'language', settings.language, 'time_zone', settings.time_zone,
        'quiet_hours', settings.quiet_hours, 'business_hours', settings.business_hours,
        'template_names', settings.template_names, 'fallback_text', settings.fallback_text,
        'currency', settings.currency, 'enabled_tools', to_jsonb(settings.enabled_tools),
        'has_knowledge', private.has_knowledge(p_org_id)
      ),
      'whatsapp', (
        select jsonb_build_object(
          'public_config', integration.public_config, 'fingerprint', integration.fingerprint,
          'ciphertext', credential.ciphertext, 'key_id', credential.key_id
        )
        from public.integrations as integration
        join private.integration_credentials as credential
          on credential.org_id = integration.org_id and credential.provider = integration.provider
        where integration.org_id = p_org_id and integration.provider = 'whatsapp' and integration.connected
      ),
      'paused_until', (
        select pause.paused_until from public.outbound_pauses as pause
        where pause.org_id = p_org_id and pause.paused_until > clock_timestamp()
      )
    )
    from public.organization_settings as settings
    where settings.org_id = p_org_id
  );
end
$$;

-- Another account, an assistant that is there at last, another way to answer on the phone: what Vapi has
-- is no longer what it should have, whether or not saves of documents are pushed by themselves.
create function private.follow_with_knowledge() returns trigger
language plpgsql set search_path = '' as $$
begin
  if private.has_knowledge(new.org_id)
    or exists (select 1 from public.knowledge_syncs as sync where sync.org_id = new.org_id) then
    perform private.queue_knowledge_sync(new.org_id, interval '5 seconds');
  end if;
  return null;
end
$$;
revoke all on function private.follow_with_knowledge() from public, anon, authenticated;

create trigger integrations_follow_with_knowledge after update on public.integrations
  for each row when (
    new.provider = 'vapi' and new.connected
    and (old.fingerprint is distinct from new.fingerprint or not old.connected)
  ) execute function private.follow_with_knowledge();
create trigger integrations_follow_new_with_knowledge after insert on public.integrations
  for each row when (new.provider = 'vapi' and new.connected) execute function private.follow_with_knowledge();
create trigger agents_follow_with_knowledge after update on public.agents
  for each row when (old.vapi_assistant_id is null and new.vapi_assistant_id is not null)
  execute function private.follow_with_knowledge();
create trigger organization_settings_follow_with_knowledge after update on public.organization_settings
  for each row when (old.phone_knowledge_mode is distinct from new.phone_knowledge_mode)
  execute function private.follow_with_knowledge();
