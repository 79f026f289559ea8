begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select private.record_provider_calls(tests.id('clinic'), '[
  {"provider": "vapi", "operation": "get_assistant", "outcome": "succeeded", "status": 200, "duration_ms": 120.6},
  {"provider": "vapi", "operation": "get_assistant", "outcome": "succeeded", "status": 200, "duration_ms": 80},
  {"provider": "vapi", "operation": "get_assistant", "outcome": "timed_out", "status": null, "duration_ms": 5000}
]');
select private.record_provider_calls(tests.id('clinic'), '[
  {"provider": "vapi", "operation": "get_assistant", "outcome": "succeeded", "status": 200, "duration_ms": 200}
]');
select private.record_provider_calls(tests.id('clinic'), '[]');
select private.record_provider_calls(tests.id('clinic'), null);
select private.record_provider_calls(tests.id('clinic'), 'null');

select results_eq(
  $$ select outcome, call_count, duration_ms_total, duration_ms_max from public.provider_call_stats order by outcome $$,
  $$ values ('succeeded', 3, 401::bigint, 200), ('timed_out', 1, 5000::bigint, 5000) $$,
  'calls of a minute add up'
);
select throws_ok(
  $$ select private.record_provider_calls(tests.id('clinic'), '[{"provider": "fax", "operation": "a", "outcome": "failed", "duration_ms": 1}]') $$,
  '23514', null, 'of the providers we know'
);

select lives_ok(
  $$ select private.record_provider_calls(tests.id('clinic'), '[
    {"provider": "gemini", "operation": "classify", "outcome": "succeeded", "duration_ms": 300},
    {"provider": "openai", "operation": "converse", "outcome": "refused", "duration_ms": 30}
  ]') $$,
  'language models among them'
);

select tests.act_as('owner');
select throws_ok('select * from public.provider_call_stats', '42501', null, 'members don''t read it');

select * from finish();
rollback;
