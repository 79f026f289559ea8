-- Data: none of it is touched. `scripts/verify.ts` no longer looks for the canary, readiness and imports.
drop function private.find_missing_objects();
alter function private.find_missing_foundation() rename to find_missing_objects;
