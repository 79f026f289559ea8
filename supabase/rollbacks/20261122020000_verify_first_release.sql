-- Data: none of it is touched. `scripts/verify.ts` no longer looks for what came with the first release.
drop function private.find_missing_objects();
alter function private.find_missing_foundation() rename to find_missing_objects;
