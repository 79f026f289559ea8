import { createHmac, timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import * as z from "zod";
import { ControlError } from "../provider.ts";
import type { SimulatedProvider } from "../provider.ts";

const registration = z.strictObject({
  account: z.string().regex(/^[\w-]{1,100}$/),
  appSecret: z.string().min(1),
});
const accountSettings = z.strictObject({ redirectTo: z.string().nullable() });

/** What was taken, byte for byte. */
type Taken = { hook: string; deliveryId: string; attempt: string; bodyBase64: string };
type Account = {
  id: string;
  appSecret: string;
  redirectTo: string | null;
  taken: Taken[];
  /** What was refused, and why. */
  refused: { hook: string; reason: string }[];
};

const part = z.looseObject({ id: z.string() });
const delivery = z.looseObject({
  object: z.literal("whatsapp_business_account"),
  entry: z.array(z.looseObject({
    id: z.string(),
    changes: z.array(z.looseObject({
      field: z.string(),
      value: z.looseObject({
        messaging_product: z.literal("whatsapp"),
        metadata: z.looseObject({ phone_number_id: z.string() }),
        messages: z.array(part).min(1).optional(),
        statuses: z.array(part).min(1).optional(),
      }),
    })).min(1),
  })).min(1),
});
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The older service's webhooks at `/<account>/<name>`: as strict as a receiver of Meta's deliveries is.
 * The signature is checked over the bytes as they came; what isn't signed with the account's app secret
 * is answered 401.
 */
export function createLegacy(): SimulatedProvider {
  const accounts = new Map<string, Account>();
  const accountOf = (path: string) => accounts.get(path.split("/")[1] ?? "");
  const app = new Hono();

  app.post("/:account/:hook", async (c) => {
    const account = accounts.get(c.req.param("account"));
    const hook = c.req.param("hook");
    if (account === undefined) return c.text("Not found", 404);
    const refuse = (status: 400 | 401 | 415, reason: string) => {
      account.refused.push({ hook, reason });
      return c.text(reason, status);
    };
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    if (!isSigned(bytes, c.req.header("x-hub-signature-256") ?? "", account.appSecret)) {
      return refuse(401, "the signature is missing or wrong");
    }
    if (c.req.header("content-type") !== "application/json") {
      return refuse(415, "the body is not application/json");
    }
    const deliveryId = c.req.header("x-switchboard-delivery-id") ?? "";
    if (!UUID.test(deliveryId)) return refuse(400, "the delivery has no id");
    const parsed = delivery.safeParse(readJson(bytes));
    if (!parsed.success) return refuse(400, z.prettifyError(parsed.error));
    if (account.redirectTo !== null) return c.redirect(account.redirectTo, 307);
    account.taken.push({
      hook,
      deliveryId,
      attempt: c.req.header("x-switchboard-attempt") ?? "",
      bodyBase64: btoa(String.fromCharCode(...bytes)),
    });
    return c.text("EVENT_RECEIVED");
  });

  return {
    name: "legacy",
    handle: (request) => app.fetch(request),
    identify(request) {
      return { account: accountOf(new URL(request.url).pathname)?.id ?? null, credential: null };
    },
    errorBody: (status) => ({ error: `injected ${status}` }),
    register(body) {
      const { account: id, appSecret } = registration.parse(body);
      const known = accounts.get(id);
      accounts.set(id, { redirectTo: null, taken: [], refused: [], ...known, id, appSecret });
      return { account: id };
    },
    revoke: (name) => accounts.delete(name),
    resolveAccount: (name) => accounts.has(name) ? name : null,
    state: (id) => [...accounts.values()].filter((account) => id === null || account.id === id),
    clear(id) {
      for (const account of accounts.values()) {
        if (id === null || account.id === id) Object.assign(account, { taken: [], refused: [] });
      }
    },
    configure(id, settings) {
      const account = accounts.get(id ?? "");
      if (account === undefined) throw new ControlError("these settings need an account");
      account.redirectTo = accountSettings.parse(settings).redirectTo;
    },
    snapshot: () => [...accounts.values()],
    restore(snapshot) {
      for (const account of snapshot as Account[]) accounts.set(account.id, account);
    },
  };
}

function isSigned(bytes: Uint8Array, header: string, secret: string): boolean {
  const expected = `sha256=${createHmac("sha256", secret).update(bytes).digest("hex")}`;
  const [given, right] = [new TextEncoder().encode(header), new TextEncoder().encode(expected)];
  return given.length === right.length && timingSafeEqual(given, right);
}

function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
}
