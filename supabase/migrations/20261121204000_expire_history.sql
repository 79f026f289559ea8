-- What is over and nobody asks for any more: audit, counts of calls to providers, resolved alerts, and
-- finished rows of agents. Each for as many days as app_config['retention_days'] says. What people
-- made (bookings, tickets, policies, leads) and what was billed stays until it is erased.

do $$
begin
  perform set_config('app.actor', 'migration', true);
  perform set_config('app.reason', 'Defaults of a new installation', true);
  insert into public.app_config as config (key, value) values ('retention_days', '{
    "audit_log": 1095, "provider_call_stats": 90, "alerts": 180, "kb_sync_log": 180,
    "knowledge_base_changelog": 1095, "failed_conversations": 180, "hand_overs": 365, "call_requests": 365,
    "unified_listings": 365, "contact_former_identities": 90
  }')
  -- What is configured already stays.
  on conflict (key) do update set value = excluded.value || config.value;
  perform set_config('app.actor', '', true);
  perform set_config('app.reason', '', true);
end
$$;

-- Whatever waits, a page of the oldest is found by reading a page.
create index audit_log_created_at_idx on public.audit_log (created_at);
create index kb_sync_log_completed_at_idx on public.kb_sync_log (completed_at) where completed_at is not null;
create index knowledge_base_changelog_created_at_idx on public.knowledge_base_changelog (created_at);
create index failed_conversations_reviewed_at_idx on public.failed_conversations (reviewed_at) where state = 'reviewed';
create index hand_overs_released_at_idx on public.hand_overs (released_at) where state = 'released';
create index call_requests_finished_idx on public.call_requests (updated_at)
  where state in ('completed', 'refused', 'failed');
create index unified_listings_finished_idx on public.unified_listings (updated_at) where state <> 'active';
create index contact_former_identities_changed_at_idx on public.contact_former_identities (changed_at);

-- At most p_limit of the oldest rows of one of these tables; answers how many. Null for a table that
-- has no rule here.
-- Security definer: the service role may add to the audit log and the changelog, and not take away.
create function private.delete_expired(p_table text, p_limit integer) returns integer
language plpgsql security definer set search_path = ''
set enable_seqscan = off set enable_sort = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
declare
  v_column text;
  v_condition text;
  v_cutoff timestamptz;
  v_deleted integer;
begin
  select rule.column_name, rule.condition into v_column, v_condition
  from (values
    ('audit_log', 'created_at', 'true'),
    ('provider_call_stats', 'minute', 'true'),
    ('alerts', 'resolved_at', 'state = ''resolved'''),
    ('kb_sync_log', 'completed_at', 'completed_at is not null'),
    ('knowledge_base_changelog', 'created_at', 'true'),
    ('failed_conversations', 'reviewed_at', 'state = ''reviewed'''),
    ('hand_overs', 'released_at', 'state = ''released'''),
    -- Not what is unknown: a person still looks at that.
    ('call_requests', 'updated_at', 'state in (''completed'', ''refused'', ''failed'')'),
    ('unified_listings', 'updated_at', 'state <> ''active'''),
    ('contact_former_identities', 'changed_at', 'true')
  ) as rule (table_name, column_name, condition)
  where rule.table_name = p_table;
  if not found then
    return null;
  end if;
  v_cutoff := private.retention_cutoff(p_table);
  if v_cutoff is null then
    return 0;
  end if;
  execute format(
    'delete from public.%1$I where ctid = any (array(
      select ctid from public.%1$I where %2$s and %3$I < $1 order by %3$I limit $2 for update skip locked
    ))',
    p_table, v_condition, v_column
  ) using v_cutoff, least(greatest(p_limit, 1), 10000);
  get diagnostics v_deleted = row_count;
  return v_deleted;
end
$$;
revoke all on function private.delete_expired(text, integer) from public, anon, authenticated;
grant execute on function private.delete_expired(text, integer) to service_role;

-- {limit} -> 'expired' and per table how many rows were deleted: at most `limit` rows of each; a caller
-- that gets its limit calls again.
create function public.expire_history(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_limit constant integer := least(greatest(coalesce((request ->> 'limit')::integer, 1000), 1), 10000);
  v_counts jsonb := '{}';
  v_table text;
begin
  perform set_config('app.actor', 'system', true);
  foreach v_table in array array[
    'audit_log', 'provider_call_stats', 'alerts', 'kb_sync_log', 'knowledge_base_changelog',
    'failed_conversations', 'hand_overs', 'call_requests', 'unified_listings', 'contact_former_identities'
  ] loop
    v_counts := v_counts || jsonb_build_object(v_table, private.delete_expired(v_table, v_limit));
  end loop;
  return v_counts || '{"code": "expired"}';
end
$$;
revoke all on function public.expire_history(jsonb) from public, anon, authenticated;
grant execute on function public.expire_history(jsonb) to service_role;
