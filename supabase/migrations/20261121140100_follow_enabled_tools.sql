-- The tools that an organization enables are part of what its assistants should be: both are synced, at
-- once by a save, else by the worker. A sync that is at work goes round again.
create function private.follow_enabled_tools() returns trigger
language plpgsql set search_path = '' as $$
begin
  update public.agents as agent
  set sync_status = 'queued', sync_queued_at = clock_timestamp()
  where agent.org_id = new.org_id;
  return null;
end
$$;
revoke all on function private.follow_enabled_tools() from public, anon, authenticated;

create trigger organization_settings_queue_agents after update on public.organization_settings
  for each row when (old.enabled_tools is distinct from new.enabled_tools)
  execute function private.follow_enabled_tools();
