-- An attempt of a turn that is made again has an outcome of its own: what it comes to is told by the last one.
-- The constraint of the same name that is wider is in force before the old one is looked through again, which the
-- next migration does: it holds nobody up.
set local lock_timeout = '5s';
-- accepted drop_constraint: the next statement adds it again, with one value more
alter table public.unified_agent_events drop constraint unified_agent_events_outcome_is_known;
alter table public.unified_agent_events add constraint unified_agent_events_outcome_is_known
  check (outcome in ('succeeded', 'failed', 'ignored', 'forwarded', 'retried')) not valid;
