-- Takes the canary back.
-- Data: all that it ever sent and was sent goes with it. Nobody else's rows are touched.
set local lock_timeout = '5s';
drop trigger unified_agent_events_skip_canary on public.unified_agent_events;
drop trigger legacy_deliveries_skip_canary on public.legacy_deliveries;
drop trigger inbound_messages_keep_canary on public.inbound_messages;
drop trigger app_config_in_force_include_canary on private.app_config_in_force;
delete from public.organizations as organization where organization.is_canary;
update private.app_config_in_force as kept
set value = private.name_people(kept.stored)
where kept.key = 'unified_service_flags';
drop function public.read_canary(jsonb);
drop function public.ensure_canary_organization(jsonb);
drop function private.clear_canary(uuid, timestamptz);
drop function private.measure_gauges();
alter function private.measure_gauges_of_all() rename to measure_gauges;
drop function private.metric_rows(timestamptz, timestamptz);
alter function private.metric_rows_of_all(timestamptz, timestamptz) rename to metric_rows;
drop function private.skip_canary_row();
drop function private.keep_canary_message();
drop function private.renew_flags_in_force();
drop function private.include_canary();
drop function private.describe_sender(uuid);
alter function private.describe_ordinary_sender(uuid) rename to describe_sender;
drop function private.is_canary(uuid);
drop index public.organizations_canary_unique;
alter table public.organizations drop column is_canary;
