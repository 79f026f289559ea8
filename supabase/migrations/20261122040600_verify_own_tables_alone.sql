-- A release is held to its own tables: those of an older product in the same schema are counted, and whether they
-- have row level security and policies is theirs to say.

-- The tables of `public` that are ours. A test compares them with what the migrations make.
create function private.own_tables() returns text[]
language sql immutable set search_path = '' as $$
  select array[
    'agent_revisions', 'agent_switches', 'agent_templates', 'agents', 'alert_deliveries', 'alert_quiet_periods', 'alert_rules',
    'alerts', 'app_config', 'app_config_history', 'audit_log', 'background_job_turns', 'background_jobs',
    'bookings', 'call_logs', 'call_requests', 'call_tracking', 'calls', 'contact_former_identities',
    'contact_identities', 'contact_opt_outs', 'contact_queues', 'contacts', 'dead_letters',
    'failed_conversations', 'failed_webhook_events', 'hand_overs', 'idempotency_keys', 'imported_listings',
    'inbound_messages', 'integrations', 'kb_sync_log', 'knowledge_base', 'knowledge_base_changelog',
    'knowledge_base_chunks', 'knowledge_base_versions', 'knowledge_files', 'knowledge_syncs',
    'language_model_usage', 'leads', 'leases', 'legacy_deliveries', 'listing_imports', 'metric_gauges',
    'metric_hours', 'metric_minutes', 'operation_events', 'organization_members', 'organization_settings',
    'organizations', 'outbound_messages', 'outbound_pauses', 'policy_requests', 'processed_webhook_events',
    'provider_call_stats', 'rate_limits', 'recording_upload_queue', 'rollout_stages', 'service_levels',
    'session_ratings', 'taken_messages', 'tickets', 'tool_calls', 'unified_agent_events',
    'unified_applications', 'unified_listings', 'unified_matches', 'unified_sessions', 'unparsed_deliveries',
    'unroutable_deliveries', 'webhook_event_stats', 'whatsapp_notices', 'worker_heartbeats'
  ]
$$;
revoke all on function private.own_tables() from public, anon, authenticated;
grant execute on function private.own_tables() to service_role;

-- Figures of the checks about tables: how many of `public` aren't ours, and lack what ours have.
create function private.count_other_tables() returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (
    select jsonb_build_object(
      'policies', jsonb_build_object('tables of others without one', count(*) filter (where not other.has_policy)),
      'row_level_security', jsonb_build_object('tables of others without it', count(*) filter (where not other.relrowsecurity))
    )
    from (
      select
        class.relrowsecurity,
        exists (select 1 from pg_catalog.pg_policy as policy where policy.polrelid = class.oid) as has_policy
      from pg_catalog.pg_class as class
      where class.relnamespace = 'public'::regnamespace and class.relkind in ('r', 'p')
        and class.relname <> all (private.own_tables())
        and not exists (select 1 from pg_catalog.pg_depend as owned where owned.objid = class.oid and owned.deptype = 'e')
    ) as other
  );
end
$$;
revoke all on function private.count_other_tables() from public, anon, authenticated;
grant execute on function private.count_other_tables() to service_role;

-- A name out of a list of names, that is missing: [{check, name}].
create or replace function private.find_missing_foundation() returns table (check_name text, object_name text)
language plpgsql stable set search_path = '' as $$
begin
  return query
  select 'functions', expected.name
  from unnest(array[
    'create_inbound_call_atomically', 'update_call_completed_atomically', 'update_call_with_recording_atomically',
    'ingest_vapi_event', 'record_tool_calls', 'ingest_whatsapp', 'claim_turn', 'complete_turn', 'claim_outbound', 'record_sent',
    'authorize_request', 'store_workspace', 'claim_agent_sync', 'record_agent_sync', 'claim_knowledge_sync', 'search_knowledge',
    'claim_jobs', 'complete_job', 'raise_alert', 'revert_app_config', 'expire_rows', 'expire_messages', 'expire_calls',
    'expire_history', 'read_health', 'list_kept_data', 'read_kept_data', 'list_kept_outside', 'erase_organization', 'erase_person',
    'aggregate_metrics', 'read_metrics', 'read_service_levels', 'read_costs', 'list_events', 'read_rollout', 'settle_rollout', 'move_rollout',
    'read_tier_rollout', 'change_app_config', 'list_app_config_history', 'find_contacts_for_rollout', 'claim_legacy_deliveries',
    'record_legacy_deliveries', 'begin_alert_evaluation', 'evaluate_alert_rule', 'claim_alert_deliveries', 'record_alert_delivery',
    'list_alerts', 'acknowledge_alert', 'resolve_alert', 'read_control_state', 'replay_dead_letter', 'dismiss_dead_letter'
  ]) as expected (name)
  where not exists (
    select 1 from pg_catalog.pg_proc as function
    where function.pronamespace = 'public'::regnamespace and function.proname = expected.name
  )
  union all
  -- Validated too: one that was added `not valid` says nothing of the rows before it.
  select 'constraints', expected.name
  from unnest(array[
    'agents_org_id_role_unique', 'processed_webhook_events_org_id_not_null', 'leads_org_id_not_null',
    'call_tracking_org_id_not_null', 'call_logs_org_id_not_null', 'calls_org_id_not_null', 'recording_upload_queue_org_id_not_null',
    'call_tracking_vapi_call_id_unique', 'call_logs_vapi_call_id_unique', 'calls_vapi_call_id_unique',
    'tool_calls_tool_call_id_unique', 'unified_matches_offer_request_unique', 'bookings_slot_is_free', 'contact_identities_pkey'
  ]) as expected (name)
  where not exists (
    select 1 from pg_catalog.pg_constraint as constrained
    where constrained.connamespace = 'public'::regnamespace and constrained.conname = expected.name and constrained.convalidated
  )
  union all
  select 'indexes', expected.name
  from unnest(array[
    'idx_processed_events_org_event', 'idx_processed_events_created_at', 'idx_dead_letters_source',
    'idx_call_tracking_org_vapi_call_id', 'idx_call_logs_org_vapi_call_id', 'unified_sessions_active_unique',
    'unified_listings_words_idx', 'unified_applications_application_unique', 'inbound_messages_contact_sequence_idx',
    'outbound_messages_wamid_unique', 'outbound_messages_dedupe_key_unique', 'alerts_open_unique', 'knowledge_base_chunks_fts_idx'
  ]) as expected (name)
  where not exists (
    select 1
    from pg_catalog.pg_indexes as listed
    join pg_catalog.pg_class as class
      on class.relname = listed.indexname and class.relnamespace = 'public'::regnamespace
    join pg_catalog.pg_index as index on index.indexrelid = class.oid
    where listed.schemaname = 'public' and listed.indexname = expected.name and index.indisvalid
  )
  union all
  select 'unified_tables', expected.name
  from unnest(array[
    'unified_sessions', 'unified_agent_events', 'unified_listings', 'unified_applications', 'unified_matches'
  ]) as expected (name)
  where not exists (
    select 1 from pg_catalog.pg_class as class
    where class.relnamespace = 'public'::regnamespace and class.relname = expected.name and class.relkind in ('r', 'p')
  )
  union all
  -- The control room's.
  select 'control_tables', expected.name
  from unnest(array[
    'public.app_config', 'public.app_config_history', 'private.app_config_in_force', 'public.rollout_stages', 'public.legacy_deliveries',
    'public.metric_minutes', 'public.metric_hours', 'private.metric_progress', 'public.metric_gauges', 'public.service_levels',
    'public.alerts', 'public.alert_rules', 'private.alert_conditions', 'private.alert_rules_unanswered', 'public.alert_deliveries', 'public.alert_quiet_periods',
    'private.database_sizes', 'private.worker_schedules'
  ]) as expected (name)
  where to_regclass(expected.name) is null
  union all
  -- A table may have the name, where an older schema is still in place.
  select 'views', expected.name
  from unnest(array[
    'marketplace_listings', 'jobs', 'job_listings', 'job_applications', 'properties', 'property_inquiries', 'produce_listings'
  ]) as expected (name)
  where not exists (
    select 1 from pg_catalog.pg_class as class
    where class.relnamespace = 'public'::regnamespace and class.relname = expected.name and class.relkind in ('v', 'r', 'p')
  )
  union all
  select 'policies', format('%I.%I', namespace.nspname, class.relname)
  from pg_catalog.pg_class as class
  join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
  where namespace.nspname in ('public', 'private', 'partitions') and class.relkind in ('r', 'p')
    and (namespace.nspname <> 'public' or class.relname = any (private.own_tables()))
    and not exists (select 1 from pg_catalog.pg_policy as policy where policy.polrelid = class.oid)
    and not exists (select 1 from pg_catalog.pg_depend as owned where owned.objid = class.oid and owned.deptype = 'e')
  union all
  select 'row_level_security', format('%I.%I', namespace.nspname, class.relname)
  from pg_catalog.pg_class as class
  join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
  where namespace.nspname in ('public', 'private', 'partitions') and class.relkind in ('r', 'p') and not class.relrowsecurity
    and (namespace.nspname <> 'public' or class.relname = any (private.own_tables()))
    and not exists (select 1 from pg_catalog.pg_depend as owned where owned.objid = class.oid and owned.deptype = 'e')
  union all
  -- Rows of a month that has no partition of its own wait in the default one, which is never dropped.
  select 'partitions', parent.name || '_' || to_char(now() at time zone 'UTC' + make_interval(months => ahead), 'YYYY_MM')
  from unnest(array['inbound_messages', 'unified_agent_events', 'operation_events']) as parent (name)
  cross join generate_series(0, 1) as ahead
  where not exists (
    select 1 from pg_catalog.pg_class as class
    where class.relnamespace = 'partitions'::regnamespace
      and class.relname = parent.name || '_' || to_char(now() at time zone 'UTC' + make_interval(months => ahead), 'YYYY_MM')
  );
end
$$;

-- {max_error_rate: fraction of turns = 0.005, minimum_turns = 200} -> 'verified' {passed, checks: [{check,
-- passed, figures {name: number}, missing [name]}]}: every check, in one order. The error rate is judged
-- only where at least `minimum_turns` turns ended in 24 hours: fewer say nothing.
create or replace function public.verify_release(request jsonb) returns jsonb
language plpgsql stable set search_path = '' set statement_timeout = '110s' as $$
declare
  v_figures constant jsonb := private.read_release_figures() || private.count_other_tables();
  v_turns constant numeric := (v_figures #>> '{error_rate,turns}')::numeric;
  v_failed constant numeric := (v_figures #>> '{error_rate,failed}')::numeric;
  v_is_failing constant boolean := v_turns >= greatest(coalesce((request ->> 'minimum_turns')::integer, 200), 1)
    and v_failed > v_turns * coalesce((request ->> 'max_error_rate')::numeric, 0.005);
  v_missing jsonb;
  v_wrong jsonb;
  v_checks jsonb;
begin
  select coalesce(jsonb_object_agg(found.check_name, found.names), '{}') into v_missing
  from (
    select missing.check_name, jsonb_agg(missing.object_name order by missing.object_name) as names
    from private.find_missing_objects() as missing group by missing.check_name
  ) as found;
  select coalesce(jsonb_object_agg(found.check_name, found.rows), '{}') into v_wrong
  from (
    select wrong.check_name, jsonb_build_object(
      'wrong', sum(wrong.row_count), 'figures', jsonb_object_agg('wrong in ' || wrong.what, wrong.row_count)
    ) as rows
    from private.find_wrong_rows() as wrong group by wrong.check_name
  ) as found;
  select jsonb_agg(jsonb_build_object(
    'check', listed.name,
    'passed', not v_missing ? listed.name
      and coalesce((v_wrong #>> array[listed.name, 'wrong'])::numeric, 0) = 0
      and not (listed.name = 'error_rate' and v_is_failing),
    'figures', coalesce(v_figures -> listed.name, '{}') || coalesce(v_wrong #> array[listed.name, 'figures'], '{}'),
    'missing', coalesce(v_missing -> listed.name, '[]')
  ) order by listed.place) into v_checks
  from unnest(array[
    'functions', 'constraints', 'indexes', 'unified_tables', 'control_tables', 'views', 'policies', 'row_level_security', 'partitions',
    'org_id', 'duplicate_events', 'duplicate_calls', 'one_agent_per_role', 'active_sessions',
    'calls_per_organization', 'messages_by_agent', 'error_rate'
  ]) with ordinality as listed (name, place);
  return jsonb_build_object(
    'code', 'verified', 'passed', not (v_checks @> '[{"passed": false}]'), 'checks', v_checks
  );
end
$$;
