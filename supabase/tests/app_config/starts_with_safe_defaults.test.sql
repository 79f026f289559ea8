begin;
\ir ../people.psql
select no_plan();

select is(
  (select value from public.app_config where key = 'unified_service_flags'),
  '{
    "unifiedServiceEnabled": true,
    "unifiedServiceRolloutPercent": 0,
    "agentFlags": {
      "marketplace": true, "jobs": true, "property": true, "farmer": true, "waiter": true,
      "insurance": true, "rides": true, "sales": true, "business_broker": true, "support": true
    },
    "features": {
      "crossDomainHandoffs": true, "unifiedSearch": false, "sharedPreferences": false, "hybridFlows": true
    }
  }'::jsonb,
  'the unified service is enabled for nobody yet, with its ten agents on'
);
select is(
  (select value from public.app_config where key = 'voice_defaults'),
  '{
    "model": {"provider": "openai", "model": "gpt-4.1", "temperature": 0.4},
    "transcriber": {"provider": "deepgram", "model": "nova-3"},
    "voice": {"provider": "vapi", "voiceId": "Elliot"}
  }'::jsonb,
  'voices and models are configuration'
);
select is((select value from public.app_config where key = 'credential_check_hours'), '24'::jsonb, 'credentials are checked daily');
select is(
  (select count(*) from public.app_config where key not in (select key from public.app_config_history where operation = 'insert')),
  0::bigint, 'the defaults have a history as well'
);

select * from finish();
rollback;
