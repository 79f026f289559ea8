import type {
  JsonObject,
  MemberRole,
  RequestStore,
} from "../../supabase/functions/_shared/ports.ts";
import type { Memory } from "./create_memory.ts";

const RANK: Record<MemberRole, number> = { viewer: 1, member: 2, admin: 3, owner: 4 };

/** Membership, idempotency keys and rate limits with the rules of `authorize_request`. */
export function createRequestStore(memory: Memory): RequestStore {
  const readRole = (orgId: string, userId: string): MemberRole | null => {
    const own = memory.members.find((row) => row.org_id === orgId && row.user_id === userId)?.role;
    if (own === "owner") return own;
    const parent = memory.organizations.get(orgId)?.parent_id ?? null;
    return parent !== null && readRole(parent, userId) === "owner" ? "owner" : own ?? null;
  };

  return {
    authorizeRequest(input) {
      const organizations = [...memory.organizations].flatMap(
        ([org_id, { name }]) => {
          const role = readRole(org_id, input.user_id);
          return role === null ? [] : [{ org_id, name, role }];
        },
      );
      if (input.org_id === null && organizations.length > 1) {
        return Promise.resolve({ code: "organization_required", organizations });
      }
      const chosen = input.org_id === null
        ? organizations[0]
        : organizations.find(({ org_id }) => org_id === input.org_id);
      if (chosen === undefined) {
        return Promise.resolve({ code: "forbidden", reason: "not_member" });
      }
      const { org_id, role } = chosen;
      if (RANK[role] < RANK[input.minimum_role]) {
        return Promise.resolve({ code: "forbidden", reason: "role_too_low" });
      }
      const key = `${org_id}/${input.operation}/${input.idempotency?.key}`;
      if (input.idempotency !== null) {
        const known = memory.idempotency.get(key);
        if (known !== undefined) {
          if (known.request_hash !== input.idempotency.request_hash) {
            return Promise.resolve({ code: "idempotency_key_reused" });
          }
          return Promise.resolve(
            known.status === null ? { code: "in_progress", retry_after_seconds: 5 } : {
              code: "replayed",
              org_id,
              role,
              response_status: known.status,
              response_body: known.body as JsonObject,
            },
          );
        }
      }
      if (input.rate_limit !== null) {
        const { capacity, refill_per_second } = input.rate_limit;
        const name = `${org_id}/${input.operation}`;
        const bucket = memory.buckets.get(name) ??
          { tokens: capacity, at: memory.clock() };
        const refilled = (memory.clock() - bucket.at) / 1000 *
          refill_per_second;
        const tokens = Math.min(capacity, bucket.tokens + refilled);
        memory.buckets.set(name, { tokens: Math.max(tokens - 1, 0), at: memory.clock() });
        if (tokens < 1) {
          const retry_after_seconds = Math.ceil((1 - tokens) / refill_per_second);
          return Promise.resolve({ code: "rate_limited", retry_after_seconds });
        }
      }
      if (input.idempotency !== null) {
        const { request_hash } = input.idempotency;
        memory.idempotency.set(key, { request_hash, status: null, body: null, claimed: true });
      }
      return Promise.resolve({ code: "authorized", org_id, role });
    },

    completeRequest(input) {
      const key = `${input.org_id}/${input.operation}/${input.idempotency_key}`;
      if (input.response_status === null) memory.idempotency.delete(key);
      else {
        memory.idempotency.set(key, {
          request_hash: input.request_hash,
          status: input.response_status,
          body: input.response_body,
          claimed: false,
        });
      }
      return Promise.resolve();
    },
  };
}
