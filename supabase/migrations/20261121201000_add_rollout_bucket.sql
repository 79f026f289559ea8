-- The bucket of a rollout, for analysis in SQL: the same as Unleash's and as domain/rollout/bucket.ts,
-- which is what decides. Shared vectors: supabase/tests/rollout_bucket/vectors.psql.

-- The low 32 bits of a product of two unsigned 32 bit numbers, which itself doesn't fit in 64 signed ones.
create function private.multiply_32(p_left bigint, p_right bigint) returns bigint
language plpgsql immutable strict set search_path = '' as $$
begin
  return ((((p_left * (p_right >> 16)) & 65535) << 16) + p_left * (p_right & 65535)) & 4294967295;
end
$$;
revoke all on function private.multiply_32(bigint, bigint) from public, anon, authenticated;
grant execute on function private.multiply_32(bigint, bigint) to service_role;

-- MurmurHash3, x86 32 bit variant, seed 0, over the text's UTF-8 bytes; an unsigned integer.
create function private.murmur3(p_text text) returns bigint
language plpgsql immutable strict set search_path = '' as $$
declare
  v_mask constant bigint := 4294967295;
  v_bytes constant bytea := convert_to(p_text, 'UTF8');
  v_length constant integer := length(v_bytes);
  v_hash bigint := 0;
  v_block bigint;
  v_at integer := 0;
begin
  while v_at < v_length loop
    v_block := 0;
    for v_offset in reverse least(v_length - v_at, 4) - 1 .. 0 loop
      v_block := (v_block << 8) | get_byte(v_bytes, v_at + v_offset);
    end loop;
    v_block := private.multiply_32(v_block, 3432918353);
    v_block := ((v_block << 15) | (v_block >> 17)) & v_mask;
    v_hash := v_hash # private.multiply_32(v_block, 461845907);
    if v_length - v_at >= 4 then
      v_hash := ((v_hash << 13) | (v_hash >> 19)) & v_mask;
      v_hash := (v_hash * 5 + 3864292196) & v_mask;
    end if;
    v_at := v_at + 4;
  end loop;
  v_hash := v_hash # v_length;
  v_hash := private.multiply_32(v_hash # (v_hash >> 16), 2246822507);
  v_hash := private.multiply_32(v_hash # (v_hash >> 13), 3266489909);
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
