import { type Authorization, authorize } from "../_shared/http/authorize.ts";
import type { AppContext } from "../_shared/http/context.ts";
import { NO_PARAMETERS, parseQuery } from "../_shared/http/parse_query.ts";
import { respondIdempotently } from "../_shared/http/respond_idempotently.ts";
import type { VerifyUser } from "../_shared/http/verify_user.ts";
import type { Logger, RequestStore } from "../_shared/ports.ts";
import type { AgentStore } from "../_shared/ports_voice_agents.ts";
import type { RebindPorts } from "../_shared/services/rebind_number.ts";

export type AgentPorts = RebindPorts & { behavior: AgentStore };
/** What every group of routes is made of. */
export type RouteOptions = {
  ports: Omit<AgentPorts, "logger"> & { requests: RequestStore };
  verifyUser: VerifyUser;
};

export const CHANGE_LIMIT = { capacity: 30, refillPerSecond: 0.5 };
export const READ_LIMIT = { capacity: 60, refillPerSecond: 2 };

export type Asker = Pick<Authorization, "orgId" | "userId"> & {
  requestId: string;
};

/**
 * Lets owners and administrators change something: who asks, what, the answer given before to the
 * same idempotency key, the work, its answer.
 */
export async function answerChange<Input>(
  context: AppContext,
  { ports, verifyUser }: RouteOptions,
  { operation, rateLimit = CHANGE_LIMIT, read, work }: {
    operation: string;
    rateLimit?: { capacity: number; refillPerSecond: number };
    /** Reads and parses the request, once the token is verified. */
    read: (request: Request) => Promise<Input>;
    work: (ports: AgentPorts, input: Input, asker: Asker) => Promise<object>;
  },
): Promise<Response> {
  const { requests } = ports;
  const received: { input?: Input } = {};
  const authorization = await authorize(context, { requests, verifyUser }, {
    operation,
    minimumRole: "admin",
    tier: "agent_tier_flags",
    rateLimit,
    body: async () => {
      parseQuery(NO_PARAMETERS, context, `run "${operation.replaceAll("_", " ")}"`);
      return received.input = await read(context.req.raw);
    },
  });
  return await respondIdempotently(context, {
    requests,
    authorization,
    respond: async () => {
      const { orgId, userId } = authorization;
      const { requestId, logger } = context.var;
      const answer = await work(
        { ...ports, logger: logger as Logger },
        received.input as Input,
        { orgId, userId, requestId },
      );
      return context.json(answer);
    },
  });
}

/** Lets a member look at something; answers are never kept by caches. */
export async function answerRead(
  context: AppContext,
  { ports, verifyUser }: RouteOptions,
  read: (orgId: string) => Promise<object> | object,
): Promise<Response> {
  const { orgId } = await authorize(context, {
    requests: ports.requests,
    verifyUser,
  }, {
    operation: "agent_read",
    minimumRole: "member",
    rateLimit: READ_LIMIT,
  });
  context.header("cache-control", "no-store");
  return context.json({
    ...await read(orgId),
    requestId: context.var.requestId,
  });
}
