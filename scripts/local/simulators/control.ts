import { Hono } from "hono";
import * as z from "zod";
import { faultSchema } from "./faults.ts";
import type { Faults } from "./faults.ts";
import { fingerprintCredential } from "./fingerprint_credential.ts";
import type { Ledger, LedgerFilter } from "./ledger.ts";
import { maskCredentials } from "./mask_credentials.ts";
import { ControlError } from "./provider.ts";
import type { SimulatedProvider } from "./provider.ts";
import type { RateLimits } from "./rate_limits.ts";

const revocation = z.union([
  z.strictObject({ key: z.string() }),
  z.strictObject({ sid: z.string() }),
  z.strictObject({ token: z.string() }),
]);

const settings = z.looseObject({
  account: z.string().optional(),
  latencyMilliseconds: z.number().min(0).optional(),
  rateLimit: z.strictObject({
    limit: z.int().min(0),
    windowMilliseconds: z.number().min(1),
    retryAfterSeconds: z.number().min(0).default(1),
  }).nullable().optional(),
});

type ControlDependencies = {
  provider: SimulatedProvider;
  ledger: Ledger;
  faults: Faults;
  limits: RateLimits;
  latency: { milliseconds: number };
};

/** The routes under `/__simulator`, by which tests and the local stack steer a simulator. */
export function createControl(dependencies: ControlDependencies) {
  const { provider, ledger, faults, limits, latency } = dependencies;
  const app = new Hono().basePath("/__simulator");

  const accountOf = (name: string | undefined): string | null => {
    if (name === undefined) return null;
    const account = provider.resolveAccount(name);
    if (account === null) throw new ControlError(`no account or credential "${name}"`);
    return account;
  };
  const filterOf = (query: Record<string, string>): LedgerFilter => ({
    ...(query["account"] === undefined ? {} : { account: accountOf(query["account"]) }),
    ...(query["key"] === undefined ? {} : { credential: fingerprintCredential(query["key"]) }),
    ...(query["path"] === undefined ? {} : { path: query["path"] }),
    ...(query["method"] === undefined ? {} : { method: query["method"] }),
    ...(query["after"] === undefined ? {} : { after: Number(query["after"]) }),
  });

  app.get("/health", (c) => c.json({ status: "healthy", service: `simulator-${provider.name}` }));
  app.post("/accounts", async (c) => c.json(provider.register(await c.req.json()), 201));
  app.delete("/accounts", async (c) => {
    const body = revocation.parse(await c.req.json());
    const revoked = provider.revoke(Object.values(body)[0] ?? "");
    return revoked ? c.json({ revoked }) : c.json({ error: "no such credential" }, 404);
  });
  app.post("/faults", async (c) => {
    const fault = faultSchema.parse(await c.req.json());
    return c.json({ id: faults.add(fault, accountOf(fault.account)) }, 201);
  });
  app.get("/faults", (c) => c.json(faults.list()));
  app.delete(
    "/faults",
    (c) => c.json({ removed: faults.removeAll(accountOf(c.req.query("account"))) }),
  );
  app.delete(
    "/faults/:id",
    (c) =>
      faults.remove(c.req.param("id"))
        ? c.json({ removed: 1 })
        : c.json({ error: "no such fault" }, 404),
  );
  app.get("/requests", (c) => c.json(ledger.list(filterOf(c.req.query()))));
  app.delete("/requests", (c) => c.json({ removed: ledger.clear(filterOf(c.req.query())) }));
  app.get(
    "/state",
    (c) => c.json(maskCredentials(provider.state(accountOf(c.req.query("account"))))),
  );
  app.delete("/state", (c) => {
    provider.clear(accountOf(c.req.query("account")));
    return c.json({ cleared: true });
  });
  app.put("/settings", async (c) => {
    const { account: name, latencyMilliseconds, rateLimit, ...rest } = settings.parse(
      await c.req.json(),
    );
    const account = accountOf(name);
    if (latencyMilliseconds !== undefined) latency.milliseconds = latencyMilliseconds;
    if (rateLimit !== undefined) {
      if (account === null) throw new ControlError("rateLimit needs an account");
      limits.set(account, rateLimit);
    }
    if (Object.keys(rest).length > 0) provider.configure(account, rest);
    return c.json({ applied: true });
  });
  app.all("*", async (c) => {
    const path = new URL(c.req.url).pathname.slice("/__simulator".length);
    const response = await provider.control?.(c.req.raw, path);
    return response ?? c.json({ error: `no control route ${c.req.method} ${path}` }, 404);
  });
  app.onError((error, c) => {
    if (error instanceof z.ZodError) return c.json({ error: z.prettifyError(error) }, 400);
    if (error instanceof ControlError || error instanceof SyntaxError) {
      return c.json({ error: error.message }, 400);
    }
    throw error;
  });
  return (request: Request): Response | Promise<Response> => app.fetch(request);
}
