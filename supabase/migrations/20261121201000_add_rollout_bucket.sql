-- The bucket of a rollout, for analysis in SQL: the same as Unleash's and as domain/rollout/bucket.ts,
-- which is what decides. Shared vectors: supabase/tests/rollout_bucket/vectors.psql.

-- MurmurHash3, x86 32 bit variant, seed 0, over the text's UTF-8 bytes; an unsigned integer. The low 32 bits of
-- x * k are ((x * (k >> 16)) & 65535) << 16 + x * (k & 65535), as the product itself doesn't fit in 64 signed ones:
-- written out, because ingest asks for each message and a call costs more than the sum.
create function private.murmur3(p_text text) returns bigint
language plpgsql immutable strict set search_path = '' as $$
declare
  v_bytes constant bytea := convert_to(p_text, 'UTF8');
  v_length constant integer := length(v_bytes);
  v_whole constant integer := v_length - v_length % 4;
  v_hash bigint := 0;
  v_block bigint;
  v_at integer := 0;
begin
  while v_at < v_whole loop
    v_block := get_byte(v_bytes, v_at) | (get_byte(v_bytes, v_at + 1) << 8)
      | (get_byte(v_bytes, v_at + 2) << 16) | (get_byte(v_bytes, v_at + 3)::bigint << 24);
    v_block := ((((v_block * 52382) & 65535) << 16) + v_block * 11601) & 4294967295;
    v_block := ((v_block << 15) | (v_block >> 17)) & 4294967295;
    v_hash := v_hash # (((((v_block * 7047) & 65535) << 16) + v_block * 13715) & 4294967295);
    v_hash := ((((v_hash << 13) | (v_hash >> 19)) & 4294967295) * 5 + 3864292196) & 4294967295;
    v_at := v_at + 4;
  end loop;
  if v_whole < v_length then
    v_block := 0;
    for v_place in reverse v_length - 1 .. v_whole loop
      v_block := (v_block << 8) | get_byte(v_bytes, v_place);
    end loop;
    v_block := ((((v_block * 52382) & 65535) << 16) + v_block * 11601) & 4294967295;
    v_block := ((v_block << 15) | (v_block >> 17)) & 4294967295;
    v_hash := v_hash # (((((v_block * 7047) & 65535) << 16) + v_block * 13715) & 4294967295);
  end if;
  v_hash := v_hash # v_length;
  v_hash := v_hash # (v_hash >> 16);
  v_hash := ((((v_hash * 34283) & 65535) << 16) + v_hash * 51819) & 4294967295;
  v_hash := v_hash # (v_hash >> 13);
  v_hash := ((((v_hash * 49842) & 65535) << 16) + v_hash * 44597) & 4294967295;
  return v_hash # (v_hash >> 16);
end
$$;
revoke all on function private.murmur3(text) from public, anon, authenticated;
grant execute on function private.murmur3(text) to service_role;

-- 1 to 100: a contact is inside where it is at most the percentage. The group is the flag's key.
create function private.rollout_bucket(p_group text, p_key text) returns integer
language plpgsql immutable strict set search_path = '' as $$
begin
  return 1 + private.murmur3(p_group || ':' || p_key) % 100;
end
$$;
revoke all on function private.rollout_bucket(text, text) from public, anon, authenticated;
grant execute on function private.rollout_bucket(text, text) to service_role;
