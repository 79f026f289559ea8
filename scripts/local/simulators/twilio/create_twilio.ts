import { Hono } from "hono";
import * as z from "zod";
import { fingerprintCredential } from "../fingerprint_credential.ts";
import { ControlError } from "../provider.ts";
import type { SimulatedProvider } from "../provider.ts";
import type { CheckTwilio } from "../vapi/phone_numbers.ts";
import { listNumbers } from "./list_numbers.ts";
import { accountResource, errorBody } from "./resources.ts";

const registration = z.strictObject({
  sid: z.string().regex(/^AC[0-9a-fA-F]{32}$/),
  token: z.string().min(1),
  status: z.enum(["active", "suspended", "closed"]).default("active"),
  friendly_name: z.string().optional(),
  numbers: z.array(z.strictObject({
    phone_number: z.string().regex(/^\+[1-9]\d{6,14}$/),
    voice: z.boolean().default(true),
    sms: z.boolean().default(true),
  })).default([]),
});

/** One account as it was registered; a revoked token is null. */
export type TwilioAccount = Omit<z.output<typeof registration>, "token"> & {
  token: string | null;
  createdAt: string;
};

/** The two reads of Twilio's REST API by which an account and a number are checked. */
export function createTwilio(): SimulatedProvider & { checkTwilio: CheckTwilio } {
  const accounts = new Map<string, TwilioAccount>();
  const revoked = new Map<string, string>();

  const credentialsOf = (request: Request): { sid: string; token: string } | null => {
    const encoded = /^Basic (.+)$/.exec(request.headers.get("authorization") ?? "")?.[1];
    if (encoded === undefined) return null;
    try {
      const [sid = "", ...rest] = atob(encoded).split(":");
      return { sid, token: rest.join(":") };
    } catch {
      return null;
    }
  };
  const ownerOf = (token: string): string | null =>
    [...accounts.values()].find((account) => account.token === token)?.sid ??
      revoked.get(token) ?? null;

  const app = new Hono<{ Variables: { account: TwilioAccount } }>().basePath("/2010-04-01");
  app.use(async (c, next) => {
    const credentials = credentialsOf(c.req.raw);
    const account = accounts.get(credentials?.sid ?? "");
    if (account === undefined || account.token === null || account.token !== credentials?.token) {
      return c.json(errorBody(401, c.req.path), 401, {
        "www-authenticate": 'Basic realm="Twilio API"',
      });
    }
    // Another account's resources look as though they did not exist.
    const sid = /\/Accounts\/([^/.]+)/.exec(c.req.path)?.[1];
    if (sid !== undefined && sid !== account.sid) return c.json(errorBody(404, c.req.path), 404);
    c.set("account", account);
    return await next();
  });
  app.get(
    "/Accounts/:file{AC[0-9a-fA-F]{32}\\.json}",
    (c) => c.json(accountResource(c.get("account"))),
  );
  app.get("/Accounts/:sid/IncomingPhoneNumbers.json", (c) => {
    const answer = listNumbers(c.get("account"), new URL(c.req.url));
    return answer === null ? c.json(errorBody(400, c.req.path), 400) : c.json(answer);
  });
  app.notFound((c) => c.json(errorBody(404, c.req.path), 404));

  return {
    name: "twilio",
    handle: (request) => app.fetch(request),
    identify(request) {
      const credentials = credentialsOf(request);
      return {
        account: credentials !== null && accounts.has(credentials.sid) ? credentials.sid : null,
        credential: credentials === null ? null : fingerprintCredential(credentials.token),
      };
    },
    errorBody,
    register(body) {
      const account = registration.parse(body);
      const createdAt = accounts.get(account.sid)?.createdAt ?? new Date().toUTCString();
      accounts.set(account.sid, { ...account, createdAt });
      return { account: account.sid };
    },
    revoke(sidOrToken) {
      const account = accounts.get(ownerOf(sidOrToken) ?? sidOrToken);
      if (account === undefined || account.token === null) return false;
      revoked.set(account.token, account.sid);
      account.token = null;
      return true;
    },
    resolveAccount: (name) => accounts.has(name) ? name : ownerOf(name),
    state: (sid) => sid === null ? [...accounts.values()] : accounts.get(sid) ?? null,
    clear(sid) {
      for (const account of accounts.values()) {
        if (sid === null || account.sid === sid) account.numbers = [];
      }
    },
    configure() {
      throw new ControlError("the Twilio simulator has no such setting");
    },
    snapshot: () => [...accounts.values()],
    restore(snapshot) {
      for (const account of snapshot as TwilioAccount[]) accounts.set(account.sid, account);
    },
    checkTwilio(sid, token, number) {
      const account = accounts.get(sid);
      if (account === undefined || account.status !== "active") return "unauthenticated";
      if (token !== undefined && account.token !== token) return "unauthenticated";
      const owned = account.numbers.some((owned) => owned.phone_number === number);
      return owned ? "owned" : "not_owned";
    },
  };
}
