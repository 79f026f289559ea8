import * as z from "zod";
import { AppError } from "../_shared/errors.ts";
import { authorize } from "../_shared/http/authorize.ts";
import type { AppContext } from "../_shared/http/context.ts";
import { parseQuery } from "../_shared/http/parse_query.ts";
import type { VerifyUser } from "../_shared/http/verify_user.ts";
import type { RequestStore } from "../_shared/ports.ts";
import type { MetricsReader } from "../_shared/services/require_own_metrics.ts";

export type ReaderDependencies = {
  requests: Pick<RequestStore, "authorizeRequest">;
  verifyUser: VerifyUser;
  /** Throws AppError `unauthenticated`. */
  requireSecretKey: (request: Request) => void;
};

const READ_LIMIT = { capacity: 120, refillPerSecond: 4 };

/** The parameter that every such route takes. */
export const ofOrganization = z.strictObject({ org_id: z.guid().toLowerCase().optional() });

/**
 * Who looks, and the parameters: an operator with a secret key at everybody or at `org_id`, an
 * organization's owner with a user's token at the own one. A dashboard may send its publishable key
 * beside the token.
 * @throws AppError unauthenticated, forbidden, rate_limited, invalid_input
 */
export async function identifyReader<Query extends { org_id?: string | undefined }>(
  context: AppContext,
  { requests, verifyUser, requireSecretKey }: ReaderDependencies,
  { operation, query }: { operation: string; query: z.ZodType<Query> },
): Promise<MetricsReader & { query: Query }> {
  const parse = () => parseQuery(query, context, operation.replaceAll("_", " "));
  context.header("cache-control", "no-store");
  if (isOperator(context.req.raw, requireSecretKey)) {
    const parsed = parse();
    return { orgId: parsed.org_id ?? null, userId: null, query: parsed };
  }
  const ask = (named: string | undefined) =>
    authorize(context, { requests, verifyUser }, {
      operation,
      minimumRole: "owner",
      orgId: named,
      rateLimit: READ_LIMIT,
      body: parse,
    });
  // Whoever asks for another's is refused there, where it is recorded and an alert.
  const named = z.guid().toLowerCase().safeParse(context.req.query("org_id")).data;
  const { orgId, userId, body } = await ask(named);
  const acting = context.req.header("x-org-id")?.toLowerCase();
  if (named !== undefined && acting && acting !== named) {
    await ask(undefined);
    throw new AppError(
      "forbidden",
      `Cannot ${operation.replaceAll("_", " ")}: org_id is not the organization you act for`,
    );
  }
  return { orgId, userId, query: body as Query };
}

function isOperator(request: Request, requireSecretKey: (request: Request) => void): boolean {
  try {
    requireSecretKey(request);
    return true;
  } catch (error) {
    // Without a token there is nothing else to try, and the key's refusal is the answer.
    if (error instanceof AppError && request.headers.has("authorization")) return false;
    throw error;
  }
}
