import { Hono } from "hono";
import * as z from "zod";
import { fingerprintCredential } from "../fingerprint_credential.ts";
import { ControlError } from "../provider.ts";
import type { SimulatedProvider } from "../provider.ts";
import { assistantRoutes } from "./assistants.ts";
import { callRoutes } from "./calls.ts";
import type { VapiVariables } from "./context.ts";
import { fileRoutes } from "./files.ts";
import { nestBody, NestError } from "./nest_error.ts";
import { phoneNumberRoutes } from "./phone_numbers.ts";
import type { CheckTwilio } from "./phone_numbers.ts";
import { plantCall } from "./plant_call.ts";
import { COLLECTIONS, createAccount, restoreAccount, snapshotAccount } from "./store.ts";
import type { VapiAccount } from "./store.ts";
import { toolRoutes } from "./tools.ts";

const registration = z.strictObject({ key: z.string().min(1), accountId: z.string().optional() });
const accountSettings = z.strictObject({
  filePolls: z.int().min(0).optional(),
  failFiles: z.int().min(0).optional(),
});

/** Vapi's REST API: assistants, phone numbers, tools, files and calls of any number of accounts. */
export function createVapi(checkTwilio: CheckTwilio): SimulatedProvider {
  const accounts = new Map<string, VapiAccount>();
  // Revoked keys stay known, so that the ledger can still say whose they were.
  const owners = new Map<string, string>();
  const keyOf = (request: Request) =>
    /^Bearer (.+)$/.exec(request.headers.get("authorization") ?? "")?.[1] ?? null;

  const app = new Hono<VapiVariables>();
  app.use(async (c, next) => {
    const key = keyOf(c.req.raw);
    const account = key === null ? undefined : accounts.get(owners.get(key) ?? "");
    if (key === null || account === undefined || !account.keys.has(key)) {
      throw new NestError(
        401,
        "Invalid Key. Hot tip, you may be using the private key instead of the public key, or vice versa.",
      );
    }
    c.set("account", account);
    await next();
  });
  app.route("/assistant", assistantRoutes());
  app.route("/phone-number", phoneNumberRoutes(checkTwilio));
  app.route("/tool", toolRoutes());
  app.route("/file", fileRoutes());
  app.route("/call", callRoutes());
  app.notFound((c) => c.json(nestBody(404, `Cannot ${c.req.method} ${c.req.path}`), 404));
  app.onError((error, c) => {
    if (!(error instanceof NestError)) throw error;
    return c.json(nestBody(error.status, error.text), error.status as 400);
  });

  return {
    name: "vapi",
    handle: (request) => app.fetch(request),
    identify(request) {
      const key = keyOf(request);
      return {
        account: key === null ? null : owners.get(key) ?? null,
        credential: key === null ? null : fingerprintCredential(key),
      };
    },
    errorBody: (status) => nestBody(status, "This answer was injected by the simulator."),
    register(body) {
      const { key, accountId } = registration.parse(body);
      const id = accountId ?? owners.get(key) ?? crypto.randomUUID();
      const account = accounts.get(id) ?? createAccount(id);
      accounts.set(id, account);
      accounts.get(owners.get(key) ?? "")?.keys.delete(key);
      account.keys.add(key);
      owners.set(key, id);
      return { account: id };
    },
    revoke: (key) => accounts.get(owners.get(key) ?? "")?.keys.delete(key) ?? false,
    resolveAccount: (name) => accounts.has(name) ? name : owners.get(name) ?? null,
    state: (id) =>
      id === null
        ? [...accounts.values()].map(snapshotAccount)
        : snapshotAccount(accounts.get(id) ?? createAccount(id)),
    clear(id) {
      for (const account of accounts.values()) {
        if (id !== null && account.id !== id) continue;
        for (const collection of COLLECTIONS) account[collection].clear();
      }
    },
    configure(id, settings) {
      const account = accounts.get(id ?? "");
      if (account === undefined) throw new ControlError("these settings need an account");
      const { filePolls, failFiles } = accountSettings.parse(settings);
      if (filePolls !== undefined) account.filePolls = filePolls;
      if (failFiles !== undefined) account.failFiles = failFiles;
    },
    async control(request, path) {
      if (request.method !== "POST" || path !== "/calls") return null;
      const planted = plantCall(
        await request.json(),
        (name) => accounts.get(name) ?? accounts.get(owners.get(name) ?? ""),
      );
      return planted === null
        ? Response.json({ error: "no such account" }, { status: 404 })
        : Response.json(planted, { status: 201 });
    },
    snapshot: () => [...accounts.values()].map(snapshotAccount),
    restore(snapshot) {
      for (const saved of snapshot as ReturnType<typeof snapshotAccount>[]) {
        accounts.set(saved.id, restoreAccount(saved));
        for (const key of saved.keys) owners.set(key, saved.id);
      }
    },
  };
}
