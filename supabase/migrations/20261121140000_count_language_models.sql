-- Language models are providers too: their calls are counted like the others'.

alter table public.provider_call_stats
  drop constraint provider_call_stats_provider_is_known,
  add constraint provider_call_stats_provider_is_known
    check (provider in ('vapi', 'twilio', 'whatsapp', 'gemini', 'openai'));
