import { type Authorization, authorize } from "../_shared/http/authorize.ts";
import type { AppContext } from "../_shared/http/context.ts";
import { parseQuery } from "../_shared/http/parse_query.ts";
import { respondIdempotently } from "../_shared/http/respond_idempotently.ts";
import type { VerifyUser } from "../_shared/http/verify_user.ts";
import type { RequestStore } from "../_shared/ports.ts";
import type { DocumentPorts } from "../_shared/services/create_document.ts";
import type { SearchPorts } from "../_shared/services/search_knowledge.ts";
import type * as z from "zod";

/** What every group of routes is made of. */
export type RouteOptions = {
  ports: DocumentPorts & Omit<SearchPorts, "logger"> & { requests: RequestStore };
  verifyUser: VerifyUser;
};

const CHANGE_LIMIT = { capacity: 60, refillPerSecond: 1 };
const READ_LIMIT = { capacity: 120, refillPerSecond: 4 };

export type Asker = Pick<Authorization, "orgId" | "userId"> & { requestId: string };
export type Answer = { status?: 200 | 201 | 202; body: object };

/** Lets owners and administrators change something, once for each idempotency key. */
export async function answerChange<Input>(
  context: AppContext,
  { ports: { requests }, verifyUser }: RouteOptions,
  { operation, isUpload = false, read, work }: {
    operation: string;
    /** Whether the body is large: who may not send it is refused before it is read. */
    isUpload?: boolean;
    /**
     * Reads and parses the request once the token is verified; `hashed` is what tells it from others,
     * `leave` gives back the place in which its bytes are held, once the answer is known.
     */
    read: () => Promise<{ input: Input; hashed: unknown; leave?: () => void }>;
    work: (input: Input, asker: Asker) => Promise<Answer>;
  },
): Promise<Response> {
  const received: { input?: Input; leave?: () => void } = {};
  try {
    const authorization = await authorize(context, { requests, verifyUser }, {
      operation,
      minimumRole: "admin",
      tier: "knowledge_tier_flags",
      rateLimit: CHANGE_LIMIT,
      checksFirst: isUpload,
      body: async () => {
        const { hashed, ...rest } = await read();
        Object.assign(received, rest);
        return hashed;
      },
    });
    return await respondIdempotently(context, {
      requests,
      authorization,
      respond: async () => {
        const { orgId, userId } = authorization;
        const { requestId } = context.var;
        const { status = 200, body } = await work(received.input as Input, {
          orgId,
          userId,
          requestId,
        });
        return context.json({ ...body, requestId }, status);
      },
    });
  } finally {
    received.leave?.();
  }
}

/** Lets a member look at something; answers are never kept by caches. */
export async function answerRead<Query>(
  context: AppContext,
  { ports: { requests }, verifyUser }: RouteOptions,
  { operation = "knowledge_read", action, query, work }: {
    operation?: string;
    /** Completes "Cannot …" where a parameter is refused. */
    action: string;
    query: z.ZodType<Query>;
    work: (orgId: string, query: Query) => Promise<object>;
  },
): Promise<Response> {
  const { orgId, body } = await authorize(context, { requests, verifyUser }, {
    operation,
    minimumRole: "member",
    rateLimit: READ_LIMIT,
    body: () => parseQuery(query, context, action),
  });
  context.header("cache-control", "no-store");
  return context.json({ ...await work(orgId, body as Query), requestId: context.var.requestId });
}
