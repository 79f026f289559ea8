import type { JsonObject, RequestStore } from "../ports.ts";
import type { Authorization } from "./authorize.ts";
import type { AppContext } from "./context.ts";
import { createProblemResponse, toAppError } from "./problem.ts";

/**
 * 409, 425 and 429 say "not now", and 422 what a provider said at that moment of credentials that
 * may be good by now: a later try with the same key must be a real one.
 */
const PASSING_STATUSES = [408, 409, 422, 425, 429];

/**
 * Answers, and keeps the answer for whoever sends the same idempotency key again: 2xx and refusals
 * that stay true. After any other answer the key is free again. Without a key it only answers.
 */
export async function respondIdempotently(
  context: AppContext,
  { requests, authorization, respond }: {
    requests: Pick<RequestStore, "completeRequest">;
    authorization: Authorization;
    respond: () => Promise<Response>;
  },
): Promise<Response> {
  const { idempotency, replay } = authorization;
  if (replay !== null) return replay;
  if (idempotency === null) return await respond();
  let response: Response;
  try {
    response = await respond();
  } catch (error) {
    const shown = toAppError(error);
    if (!isFinal(shown.status)) {
      await complete(null, null);
      throw error;
    }
    response = createProblemResponse(shown, { requestId: context.var.requestId });
  }
  const body = isFinal(response.status) ? await readJsonObject(response) : null;
  await complete(body === null ? null : response.status, body);
  return response;

  async function complete(status: number | null, body: JsonObject | null): Promise<void> {
    const { orgId, operation } = authorization;
    const { key, requestHash } = idempotency!;
    try {
      await requests.completeRequest({
        org_id: orgId,
        operation,
        idempotency_key: key,
        request_hash: requestHash,
        response_status: status,
        response_body: body,
      });
    } catch (error) {
      // The work is done and its answer is true, whether or not it can be repeated.
      context.var.logger.error("Idempotent answer not stored", { error, status });
    }
  }
}

function isFinal(status: number): boolean {
  return status < 500 && !PASSING_STATUSES.includes(status);
}

async function readJsonObject(response: Response): Promise<JsonObject | null> {
  try {
    const body: unknown = await response.clone().json();
    return typeof body === "object" && body !== null && !Array.isArray(body)
      ? body as JsonObject
      : null;
  } catch {
    return null;
  }
}
