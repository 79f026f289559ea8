-- A call in three rows, each for its own reader: call_tracking is what is going on (forward only),
-- call_logs is the record a dashboard lists, calls is the content that is read one at a time.
-- A call's id is Vapi's, so it is unique over all organizations: whoever names another's is refused.
-- None of these tables has a not null column org_id: named checks guard it (see
-- add_org_id_not_null_constraints), so that one of them can be dropped and put back on its own.

create table public.leads (
  id uuid not null default gen_random_uuid(),
  org_id uuid,
  contact_id uuid,
  name text,
  phone_number text,
  source text not null default 'call',
  state text not null default 'created',
  notes text,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  contacted_at timestamptz,
  qualified_at timestamptz,
  converted_at timestamptz,
  rejected_at timestamptz,
  updated_at timestamptz not null default now(),
  constraint leads_pkey primary key (id),
  constraint leads_org_id_id_unique unique (org_id, id),
  constraint leads_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint leads_contact_fkey foreign key (org_id, contact_id)
    references public.contacts (org_id, id) on delete set null (contact_id),
  constraint leads_source_is_known check (source in ('call', 'whatsapp', 'dashboard')),
  constraint leads_state_is_known
    check (state in ('created', 'contacted', 'qualified', 'converted', 'rejected')),
  constraint leads_state_has_its_timestamp check (
    case state
      when 'contacted' then contacted_at is not null
      when 'qualified' then qualified_at is not null
      when 'converted' then converted_at is not null
      when 'rejected' then rejected_at is not null
      else true
    end
  ),
  constraint leads_name_is_at_most_200_characters check (char_length(name) <= 200),
  constraint leads_phone_number_is_at_most_64_characters check (char_length(phone_number) <= 64),
  constraint leads_notes_is_at_most_10000_characters check (char_length(notes) <= 10000),
  constraint leads_metadata_is_an_object check (jsonb_typeof(metadata) = 'object')
);
create index leads_contact_idx on public.leads (contact_id, org_id);
create index leads_org_id_created_at_idx on public.leads (org_id, created_at desc);

create table public.call_tracking (
  id uuid not null default gen_random_uuid(),
  org_id uuid,
  vapi_call_id text not null,
  agent_id uuid,
  contact_id uuid,
  lead_id uuid,
  direction text not null default 'inbound',
  -- An event said so; until one does, a call is taken for an inbound one.
  direction_told boolean not null default false,
  -- The other party's number, as the provider writes it.
  phone_number text,
  state text not null default 'queued',
  scheduled_at timestamptz,
  queued_at timestamptz,
  rung_at timestamptz,
  answered_at timestamptz,
  forwarded_at timestamptz,
  ended_at timestamptz,
  forwarded_to text,
  -- Vapi's words, of which there are hundreds.
  ended_reason text,
  -- How far ended_reason and ended_at can be trusted: 0 unknown, 1 an ended status, 2 a report.
  ended_authority smallint not null default 0,
  duration_seconds integer,
  -- The assistant fell silent.
  hung_at timestamptz,
  transfer_requested_at timestamptz,
  -- The end-of-call report has been applied: nothing more is to come.
  reported_at timestamptz,
  max_duration_seconds integer not null default 43200,
  -- When a call without a report is asked about at Vapi; while somebody is asking, when that ends.
  report_due_at timestamptz not null default now() + interval '1 day',
  reconcile_attempts integer not null default 0,
  fencing_token bigint not null default 0,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint call_tracking_pkey primary key (id),
  constraint call_tracking_vapi_call_id_unique unique (vapi_call_id),
  constraint call_tracking_org_id_id_unique unique (org_id, id),
  constraint call_tracking_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint call_tracking_agent_fkey foreign key (org_id, agent_id)
    references public.agents (org_id, id) on delete set null (agent_id),
  constraint call_tracking_contact_fkey foreign key (org_id, contact_id)
    references public.contacts (org_id, id) on delete set null (contact_id),
  constraint call_tracking_lead_fkey foreign key (org_id, lead_id)
    references public.leads (org_id, id) on delete set null (lead_id),
  constraint call_tracking_vapi_call_id_is_1_to_256_characters
    check (char_length(vapi_call_id) between 1 and 256),
  constraint call_tracking_direction_is_known check (direction in ('inbound', 'outbound', 'web')),
  constraint call_tracking_phone_number_is_at_most_64_characters
    check (char_length(phone_number) <= 64),
  constraint call_tracking_state_is_known
    check (state in ('scheduled', 'queued', 'rung', 'answered', 'forwarded', 'ended')),
  constraint call_tracking_state_has_its_timestamp check (
    case state
      when 'scheduled' then scheduled_at is not null
      when 'queued' then queued_at is not null
      when 'rung' then rung_at is not null
      when 'answered' then answered_at is not null
      when 'forwarded' then forwarded_at is not null
      else ended_at is not null
    end
  ),
  constraint call_tracking_ended_reason_is_at_most_500_characters
    check (char_length(ended_reason) <= 500),
  constraint call_tracking_duration_is_not_negative check (duration_seconds >= 0),
  constraint call_tracking_max_duration_is_positive check (max_duration_seconds > 0),
  constraint call_tracking_metadata_is_an_object check (jsonb_typeof(metadata) = 'object')
);
-- Not unique: the call id alone is already, and a second unique index would fail an insert that waits on the first.
create index idx_call_tracking_org_vapi_call_id
  on public.call_tracking (org_id, vapi_call_id);
create index call_tracking_agent_idx on public.call_tracking (agent_id, org_id);
create index call_tracking_contact_idx on public.call_tracking (contact_id, org_id);
create index call_tracking_lead_idx on public.call_tracking (lead_id, org_id);
-- Reconciliation goes round the organizations and reads only calls whose report is missing.
create index call_tracking_report_due_idx
  on public.call_tracking (org_id, report_due_at) where reported_at is null;

create table public.call_logs (
  id uuid not null default gen_random_uuid(),
  org_id uuid,
  vapi_call_id text not null,
  call_tracking_id uuid not null,
  agent_id uuid,
  contact_id uuid,
  direction text not null default 'inbound',
  phone_number text,
  outcome text not null default 'in_progress',
  started_at timestamptz,
  ended_at timestamptz,
  duration_seconds integer,
  ended_reason text,
  -- US dollars, as Vapi bills them.
  cost numeric(12, 6),
  cost_breakdown jsonb,
  summary text,
  success_evaluation text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint call_logs_pkey primary key (id),
  constraint call_logs_vapi_call_id_unique unique (vapi_call_id),
  constraint call_logs_org_id_id_unique unique (org_id, id),
  constraint call_logs_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint call_logs_call_tracking_fkey foreign key (org_id, call_tracking_id)
    references public.call_tracking (org_id, id) on delete cascade,
  constraint call_logs_agent_fkey foreign key (org_id, agent_id)
    references public.agents (org_id, id) on delete set null (agent_id),
  constraint call_logs_contact_fkey foreign key (org_id, contact_id)
    references public.contacts (org_id, id) on delete set null (contact_id),
  constraint call_logs_vapi_call_id_is_1_to_256_characters
    check (char_length(vapi_call_id) between 1 and 256),
  constraint call_logs_direction_is_known check (direction in ('inbound', 'outbound', 'web')),
  constraint call_logs_outcome_is_known check (
    outcome in ('in_progress', 'completed', 'transferred', 'voicemail', 'missed', 'failed', 'unknown')
  ),
  constraint call_logs_duration_is_not_negative check (duration_seconds >= 0),
  constraint call_logs_cost_is_not_negative check (cost >= 0)
);
create index idx_call_logs_org_vapi_call_id on public.call_logs (org_id, vapi_call_id);
create index call_logs_call_tracking_idx on public.call_logs (org_id, call_tracking_id);
create index call_logs_agent_idx on public.call_logs (agent_id, org_id);
create index call_logs_contact_idx on public.call_logs (contact_id, org_id);
create index call_logs_org_id_created_at_idx on public.call_logs (org_id, created_at desc);

create table public.calls (
  id uuid not null default gen_random_uuid(),
  org_id uuid,
  vapi_call_id text not null,
  call_tracking_id uuid not null,
  direction text not null default 'inbound',
  transcript text,
  structured_data jsonb,
  recording_url text,
  recording_storage_path text,
  -- Which report the content is from: 1 an older integration's event or a reconciliation,
  -- 2 Vapi's end-of-call report, which wins whenever it comes.
  content_authority smallint not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint calls_pkey primary key (id),
  constraint calls_vapi_call_id_unique unique (vapi_call_id),
  constraint calls_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint calls_call_tracking_fkey foreign key (org_id, call_tracking_id)
    references public.call_tracking (org_id, id) on delete cascade,
  constraint calls_vapi_call_id_is_1_to_256_characters
    check (char_length(vapi_call_id) between 1 and 256),
  constraint calls_direction_is_known check (direction in ('inbound', 'outbound', 'web')),
  constraint calls_transcript_is_at_most_1000000_characters
    check (char_length(transcript) <= 1000000),
  constraint calls_recording_url_is_at_most_4096_characters
    check (char_length(recording_url) <= 4096),
  constraint calls_recording_storage_path_is_at_most_1024_characters
    check (char_length(recording_storage_path) <= 1024)
);
create index calls_call_tracking_idx on public.calls (org_id, call_tracking_id);

create table public.recording_upload_queue (
  id uuid not null default gen_random_uuid(),
  org_id uuid,
  vapi_call_id text not null,
  call_tracking_id uuid not null,
  source_url text not null,
  state text not null default 'queued',
  queued_at timestamptz not null default now(),
  uploaded_at timestamptz,
  dead_lettered_at timestamptz,
  attempts integer not null default 0,
  -- When it may next be claimed: where its backoff ends, or the lease of whoever uploads it.
  due_at timestamptz not null default now(),
  fencing_token bigint not null default 0,
  storage_path text,
  content_type text,
  size_bytes bigint,
  last_error text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint recording_upload_queue_pkey primary key (id),
  constraint recording_upload_queue_vapi_call_id_unique unique (vapi_call_id),
  constraint recording_upload_queue_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint recording_upload_queue_call_tracking_fkey foreign key (org_id, call_tracking_id)
    references public.call_tracking (org_id, id) on delete cascade,
  constraint recording_upload_queue_vapi_call_id_is_1_to_256_characters
    check (char_length(vapi_call_id) between 1 and 256),
  constraint recording_upload_queue_source_url_is_at_most_4096_characters
    check (char_length(source_url) between 1 and 4096),
  constraint recording_upload_queue_state_is_known
    check (state in ('queued', 'uploaded', 'dead_lettered')),
  constraint recording_upload_queue_state_has_its_timestamp check (
    case state
      when 'uploaded' then uploaded_at is not null and storage_path is not null
      when 'dead_lettered' then dead_lettered_at is not null
      else true
    end
  )
);
create index recording_upload_queue_call_tracking_idx
  on public.recording_upload_queue (org_id, call_tracking_id);
create index recording_upload_queue_due_idx
  on public.recording_upload_queue (org_id, due_at) where state = 'queued';

create trigger leads_touch_updated_at before update on public.leads
  for each row execute function private.touch_updated_at();
create trigger call_tracking_touch_updated_at before update on public.call_tracking
  for each row execute function private.touch_updated_at();
create trigger call_logs_touch_updated_at before update on public.call_logs
  for each row execute function private.touch_updated_at();
create trigger calls_touch_updated_at before update on public.calls
  for each row execute function private.touch_updated_at();
create trigger recording_upload_queue_touch_updated_at before update on public.recording_upload_queue
  for each row execute function private.touch_updated_at();

alter table public.leads enable row level security;
revoke all on table public.leads from public, anon, authenticated, service_role;
grant select on table public.leads to authenticated;
grant select, insert, update, delete on table public.leads to service_role;
create policy "members read the leads of their organizations" on public.leads
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));

alter table public.call_tracking enable row level security;
revoke all on table public.call_tracking from public, anon, authenticated, service_role;
grant select on table public.call_tracking to authenticated;
grant select, insert, update, delete on table public.call_tracking to service_role;
create policy "members read the live calls of their organizations" on public.call_tracking
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));

alter table public.call_logs enable row level security;
revoke all on table public.call_logs from public, anon, authenticated, service_role;
grant select on table public.call_logs to authenticated;
grant select, insert, update, delete on table public.call_logs to service_role;
create policy "members read the call logs of their organizations" on public.call_logs
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));

alter table public.calls enable row level security;
revoke all on table public.calls from public, anon, authenticated, service_role;
-- Not recording_url: the provider's address needs no credential, the stored copy does.
grant select (
  id, org_id, vapi_call_id, call_tracking_id, direction, transcript, structured_data,
  recording_storage_path, created_at, updated_at
) on table public.calls to authenticated;
grant select, insert, update, delete on table public.calls to service_role;
create policy "members read the calls of their organizations" on public.calls
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));

alter table public.recording_upload_queue enable row level security;
revoke all on table public.recording_upload_queue from public, anon, authenticated, service_role;
grant select (
  id, org_id, vapi_call_id, call_tracking_id, state, queued_at, uploaded_at, dead_lettered_at,
  attempts, content_type, size_bytes, last_error, created_at, updated_at
) on table public.recording_upload_queue to authenticated;
grant select, insert, update, delete on table public.recording_upload_queue to service_role;
create policy "members read the recording uploads of their organizations"
  on public.recording_upload_queue for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));
