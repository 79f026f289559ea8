-- Data: none of it is touched. `GET /health?ready=1` of functions that ask it answers 503 afterwards; nothing else asks.
drop function public.read_readiness(jsonb);
drop function private.look_at_readiness();
