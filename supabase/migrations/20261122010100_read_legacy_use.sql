-- Whether anybody still needs the older service, from what triggers wrote down: nothing that a caller could set.

-- {days} -> 'read' {now, in_force, everyone_inside_since|null, forwarded (in so many days), last_forwarded_at|null,
--   waiting, dead_lettered, last_received_at|null (anybody's message to ourselves, the canary's left out), webhooks (in
--   force), webhook_revision, webhooks_ever: [address]}.
-- everyone_inside_since: since when every value of the flags left nobody outside; a value that was never in force,
-- because it was malformed, counts as one that did.
create function public.read_legacy_use(request jsonb) returns jsonb
language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  v_since constant timestamptz := now() - make_interval(days => greatest((request ->> 'days')::integer, 1));
  v_flags constant jsonb := private.flags_in_force();
  v_outside_at timestamptz;
  v_inside_since timestamptz;
begin
  if private.is_everyone_inside(v_flags) and not 'unified_service_flags' = any (private.malformed_config()) then
    select max(change.changed_at) into v_outside_at
    from public.app_config_history as change
    where change.key = 'unified_service_flags' and not private.is_everyone_inside(coalesce(change.value_after, '{}'));
    select min(change.changed_at) into v_inside_since
    from public.app_config_history as change
    where change.key = 'unified_service_flags' and change.changed_at > coalesce(v_outside_at, '-infinity');
  end if;
  return jsonb_build_object(
    'code', 'read',
    'now', now(),
    'in_force', v_flags,
    'everyone_inside_since', v_inside_since,
    'forwarded', (
      select count(*) from public.legacy_deliveries as delivery where delivery.forwarded_at >= v_since
    ),
    'last_forwarded_at', (select max(delivery.forwarded_at) from public.legacy_deliveries as delivery),
    'waiting', (
      select count(*) from public.legacy_deliveries as delivery where delivery.state in ('queued', 'claimed')
    ),
    'dead_lettered', (
      select count(*) from public.legacy_deliveries as delivery where delivery.state = 'dead_lettered'
    ),
    -- Nothing is forwarded either while Meta still posts to the older functions themselves. By the key, which is
    -- ordered by time.
    'last_received_at', (
      select message.created_at from public.inbound_messages as message
      where message.org_id is distinct from (
        select organization.id from public.organizations as organization where organization.is_canary
      )
      order by message.id desc
      limit 1
    ),
    'webhooks', (select kept.value from private.app_config_in_force as kept where kept.key = 'legacy_webhooks'),
    'webhook_revision', (select config.revision from public.app_config as config where config.key = 'legacy_webhooks'),
    'webhooks_ever', (
      select coalesce(jsonb_agg(distinct named.address), '[]')
      from public.app_config_history as change
      cross join lateral (
        select change.value_after ->> 'default'
        union all
        select agent.value from jsonb_each_text(
          case when jsonb_typeof(change.value_after -> 'agents') = 'object' then change.value_after -> 'agents' else '{}' end
        ) as agent
      ) as named (address)
      where change.key = 'legacy_webhooks' and jsonb_typeof(change.value_after) = 'object' and named.address is not null
    )
  );
end
$$;
revoke all on function public.read_legacy_use(jsonb) from public, anon, authenticated;
grant execute on function public.read_legacy_use(jsonb) to service_role;
