-- Three kinds of work on messages. Each is one job for all organizations, whose own queue goes round
-- them. A job of the first two every ten seconds, whether or not the one before is done: they work
-- side by side, and one whose worker died holds nothing up.

do $$
begin
  perform private.add_job_kinds(array['finish_turns', 'send_outbox', 'expire_messages']);
end
$$;

create function private.queue_due_finish_turns() returns integer
language plpgsql set search_path = '' as $$
begin
  if cardinality(private.organizations_with_due_queue('turn', 1)) = 0 then
    return 0;
  end if;
  return private.queue_job(
    'finish_turns', null, floor(extract(epoch from clock_timestamp()) / 10)::text, '{}'
  )::integer;
end
$$;
revoke all on function private.queue_due_finish_turns() from public, anon, authenticated;
grant execute on function private.queue_due_finish_turns() to service_role;

create function private.queue_due_send_outbox() returns integer
language plpgsql set search_path = '' as $$
begin
  if cardinality(private.organizations_with_due_queue('send', 1)) = 0
    and not exists (select 1 from public.outbound_messages as message where message.refused_at is not null) then
    return 0;
  end if;
  return private.queue_job(
    'send_outbox', null, floor(extract(epoch from clock_timestamp()) / 10)::text, '{}'
  )::integer;
end
$$;
revoke all on function private.queue_due_send_outbox() from public, anon, authenticated;
grant execute on function private.queue_due_send_outbox() to service_role;

create function private.queue_due_expire_messages() returns integer
language plpgsql set search_path = '' as $$
begin
  return private.queue_job('expire_messages', null, 'all', '{}')::integer;
end
$$;
revoke all on function private.queue_due_expire_messages() from public, anon, authenticated;
grant execute on function private.queue_due_expire_messages() to service_role;

do $$
begin
  if exists (select 1 from pg_catalog.pg_extension as installed where installed.extname = 'pg_cron') then
    perform private.schedule_worker('finish_turns', '10 seconds');
    perform private.schedule_worker('send_outbox', '10 seconds');
    perform private.schedule_worker('expire_messages', '*/10 * * * *');
  end if;
end
$$;
