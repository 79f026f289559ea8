-- Data: attempts that were made again, `retried`, are `failed` as they were before; no row is lost.
set local lock_timeout = '5s';
update public.unified_agent_events as event set outcome = 'failed' where event.outcome = 'retried';
alter table public.unified_agent_events drop constraint unified_agent_events_outcome_is_known;
alter table public.unified_agent_events add constraint unified_agent_events_outcome_is_known
  check (outcome in ('succeeded', 'failed', 'ignored', 'forwarded'));
