import type { AppContext } from "../_shared/http/context.ts";
import { readRawBody } from "../_shared/http/read_raw_body.ts";
import type { LoadShedder } from "../_shared/http/shed_load.ts";
import {
  isEqualSecret,
  looksLikeSignature,
  verifyWhatsappSignature,
} from "../_shared/http/verify_whatsapp_signature.ts";
import { AppError } from "../_shared/errors.ts";
import type {
  Delivery,
  ParsedDelivery,
  ParseDelivery,
  WebhookOrigins,
} from "../_shared/ports_messaging.ts";
import type { FindOwnSecrets } from "../_shared/services/keep_webhook_secrets.ts";

export type WhatsappDependencies = {
  /** Secrets of our Meta apps, newest first; undefined where none is configured. */
  appSecrets: readonly string[] | undefined;
  verifyToken: string | undefined;
  findOwnSecrets: FindOwnSecrets;
  parseDelivery: ParseDelivery;
  /** Resolves when the delivery is committed. */
  submit: (delivery: Delivery) => Promise<unknown>;
  shedder: LoadShedder<"whatsapp" | "vapi">;
};

/** WhatsApp sends at most 3 MB; what it escapes may make that a little more. */
const MAX_BYTES = 4 * 1024 * 1024;
const SIGNATURE_HEADER = "x-hub-signature-256";

/** Whether a request at the function's root is from WhatsApp, by what Vapi doesn't send. */
export function comesFromWhatsapp(headers: Headers): boolean {
  return headers.has(SIGNATURE_HEADER) || headers.has("x-hub-signature");
}

/** `GET`: proves to Meta that the address is ours. */
export function createHandshakeHandler(
  { verifyToken }: Pick<WhatsappDependencies, "verifyToken">,
): (context: AppContext) => Response {
  return (context) => {
    const shown = context.req.query("hub.verify_token") ?? "";
    const challenge = context.req.query("hub.challenge") ?? "";
    const isMeant = context.req.query("hub.mode") === "subscribe" &&
      challenge !== "";
    const isKnown = verifyToken !== undefined &&
      isEqualSecret(shown, verifyToken);
    if (!isMeant || !isKnown) {
      throw new AppError(
        "forbidden",
        "Cannot subscribe: the mode or the verify token is wrong",
      );
    }
    return context.text(challenge);
  };
}

/** `POST`: verify the raw bytes, read them, store them, acknowledge. Work comes afterwards. */
export function createDeliveryHandler(
  dependencies: WhatsappDependencies,
): (context: AppContext) => Promise<Response> {
  const { parseDelivery, submit, shedder } = dependencies;

  return async (context) => {
    const request = context.req.raw;
    const leave = shedder.enter(
      "whatsapp",
      Number(request.headers.get("content-length")) || 0,
    );
    try {
      const body = await readRawBody(request, { maxBytes: MAX_BYTES });
      const signature = request.headers.get(SIGNATURE_HEADER);
      const verified = await verify(dependencies, { body, header: signature });
      const parsed = verified.parsed ?? parseDelivery(body);
      // Nothing in it is nothing to store: no call for a sign of life.
      if (!isEmpty(parsed)) {
        await submit({ parsed, body, signature: signature ?? "", signed_by: verified.signed_by });
      }
      return context.json({ received: true });
    } finally {
      leave();
    }
  };
}

type Verified = { signed_by: string | null; parsed: ParsedDelivery | null };

/**
 * Whose secret signed it: one of ours (null), or that of an organization with a Meta app of its own,
 * which then is the only one that the delivery may touch.
 */
async function verify(
  { appSecrets, findOwnSecrets, parseDelivery }: WhatsappDependencies,
  { body, header }: { body: Uint8Array; header: string | null },
): Promise<Verified> {
  if (appSecrets === undefined || appSecrets.length === 0) {
    throw new AppError(
      "misconfigured",
      "Cannot verify the delivery: WHATSAPP_APP_SECRET is not set",
    );
  }
  if (verifyWhatsappSignature(body, header, appSecrets)) {
    return { signed_by: null, parsed: null };
  }
  if (looksLikeSignature(header)) {
    const parsed = parseDelivery(body);
    const candidates = parsed.ok ? await findOwnSecrets(listOrigins(parsed)) : [];
    for (const { org_id, secret } of candidates) {
      if (verifyWhatsappSignature(body, header, [secret])) {
        return { signed_by: org_id, parsed };
      }
    }
  }
  throw new AppError(
    "unauthenticated",
    "Cannot verify the delivery: X-Hub-Signature-256 is missing or wrong",
  );
}

function listOrigins(
  { messages, statuses, notices }: ParsedDelivery & { ok: true },
): WebhookOrigins {
  return {
    phone_number_ids: [...messages, ...statuses, ...notices]
      .flatMap(({ phone_number_id }) => phone_number_id ?? []),
    // What concerns an account alone names no number.
    business_account_ids: notices.flatMap(({ business_account_id }) => business_account_id ?? []),
  };
}

function isEmpty(parsed: ParsedDelivery): boolean {
  return parsed.ok &&
    parsed.messages.length + parsed.statuses.length + parsed.notices.length ===
      0;
}
