import * as z from "zod";
import { AppError } from "../_shared/errors.ts";
import { type Authorization, authorize } from "../_shared/http/authorize.ts";
import type { AppContext } from "../_shared/http/context.ts";
import { NO_PARAMETERS, parseQuery } from "../_shared/http/parse_query.ts";
import { parseWith } from "../_shared/http/parse_with.ts";
import { readOptionalBody } from "../_shared/http/read_optional_body.ts";
import { respondIdempotently } from "../_shared/http/respond_idempotently.ts";
import type { VerifyUser } from "../_shared/http/verify_user.ts";
import type { MemberRole, RequestStore } from "../_shared/ports.ts";
import type { HandOverStore, SupervisionStore } from "../_shared/ports_supervision.ts";

/** What the routes of an organization's own people are made of. */
export type SupervisionDependencies = {
  requests: Pick<RequestStore, "authorizeRequest" | "completeRequest">;
  verifyUser: VerifyUser;
  handOvers: HandOverStore;
  supervision: SupervisionStore;
};

const CHANGE_LIMIT = { capacity: 60, refillPerSecond: 1 };
const READ_LIMIT = { capacity: 120, refillPerSecond: 4 };

export type Asker = Pick<Authorization, "orgId" | "userId"> & { requestId: string };

/** Lets members look at something of their organization; answers are never kept by caches. */
export async function answerRead<Query>(
  context: AppContext,
  { requests, verifyUser }: SupervisionDependencies,
  { operation, query, work }: {
    operation: string;
    query: z.ZodType<Query>;
    work: (asker: Asker, query: Query) => Promise<object>;
  },
): Promise<Response> {
  const { requestId } = context.var;
  const { orgId, userId, body } = await authorize(context, { requests, verifyUser }, {
    operation,
    minimumRole: "member",
    rateLimit: READ_LIMIT,
    body: () => parseQuery(query, context, operation.replaceAll("_", " ")),
  });
  context.header("cache-control", "no-store");
  return context.json({ ...await work({ orgId, userId, requestId }, body as Query), requestId });
}

/** Lets people of at least this role change something, once for each idempotency key. */
export async function answerChange<Input>(
  context: AppContext,
  { requests, verifyUser }: SupervisionDependencies,
  { operation, minimumRole, input, work }: {
    operation: string;
    minimumRole: MemberRole;
    /** Of the body. */
    input: z.ZodType<Input>;
    /** `key`: the caller's idempotency key. */
    work: (asker: Asker, input: Input, key: string | null) => Promise<object>;
  },
): Promise<Response> {
  const action = operation.replaceAll("_", " ");
  const authorization = await authorize(context, { requests, verifyUser }, {
    operation,
    minimumRole,
    rateLimit: CHANGE_LIMIT,
    body: async () => {
      parseQuery(NO_PARAMETERS, context, action);
      return parseWith(input, await readOptionalBody(context.req.raw), action);
    },
  });
  return await respondIdempotently(context, {
    requests,
    authorization,
    respond: async () => {
      const { orgId, userId, body, idempotency } = authorization;
      const { requestId } = context.var;
      const asker = { orgId, userId, requestId };
      const answer = await work(asker, body as Input, idempotency?.key ?? null);
      return context.json({ success: true, ...answer, requestId });
    },
  });
}

/** @throws AppError `not_found`: what isn't an id is nobody's */
export function readId(context: AppContext): string {
  const id = context.req.param("id") ?? "";
  const parsed = z.guid().safeParse(id.toLowerCase());
  if (parsed.success) return parsed.data;
  throw new AppError("not_found", `Cannot find "${id.slice(0, 100)}": it is no id`);
}

/** What a person wrote: kept as jsonb, which holds neither null characters nor half of a pair. */
export function writtenText(longest: number): z.ZodType<string> {
  return z.string().trim().min(1).max(longest).refine(
    (text) => !text.includes("\0") && text.isWellFormed(),
    "must hold no null characters or broken ones",
  );
}
