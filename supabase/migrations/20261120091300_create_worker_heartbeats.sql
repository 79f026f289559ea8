-- The last sign of life of the worker, per job kind: what health shows and an outside probe watches.

create table public.worker_heartbeats (
  kind text not null,
  worker_id text not null,
  request_id text,
  phase text not null,
  last_heartbeat_at timestamptz not null,
  started_at timestamptz,
  completed_at timestamptz,
  failed_at timestamptz,
  duration_ms integer,
  details jsonb not null default '{}',
  constraint worker_heartbeats_pkey primary key (kind),
  constraint worker_heartbeats_phase_is_known check (phase in ('started', 'completed', 'failed')),
  constraint worker_heartbeats_duration_ms_is_not_negative check (duration_ms >= 0)
);

alter table public.worker_heartbeats enable row level security;
revoke all on table public.worker_heartbeats from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.worker_heartbeats to service_role;
create policy "only the service role reaches worker_heartbeats" on public.worker_heartbeats
  for all to service_role using (true) with check (true);
