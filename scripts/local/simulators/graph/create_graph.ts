import { Hono } from "hono";
import type { Context } from "hono";
import * as z from "zod";
import { fingerprintCredential } from "../fingerprint_credential.ts";
import { ControlError } from "../provider.ts";
import type { SimulatedProvider } from "../provider.ts";
import { type GraphApp, readAppToken, subscribeApp } from "./apps.ts";
import { badToken, graphBody, GraphError, injectedError, unknownObject } from "./graph_error.ts";
import { mediaBytes, mediaNode, plantMedia } from "./media.ts";
import { businessNode, phoneNumberNode } from "./nodes.ts";
import { sendMessage } from "./send_message.ts";
import { DEMO_APP_SECRET, registration } from "./store.ts";
import type { GraphAccount } from "./store.ts";

type GraphContext = Context<{ Variables: { account: GraphAccount } }>;

const accountSettings = z.strictObject({ closedWindows: z.array(z.string()).optional() });
const subscription = z.strictObject({
  override_callback_uri: z.url().optional(),
  verify_token: z.string().optional(),
});

/** The part of Meta's Graph API that a WhatsApp integration uses. */
export function createGraph(): SimulatedProvider {
  const accounts = new Map<string, GraphAccount>();
  const owners = new Map<string, string>();
  const apps = new Map<string, GraphApp>();
  const tokenOf = (request: Request) =>
    /^Bearer (.+)$/.exec(request.headers.get("authorization") ?? "")?.[1] ?? null;
  const resolveAccount = (name: string) => accounts.has(name) ? name : owners.get(name) ?? null;

  const app = new Hono<{ Variables: { account: GraphAccount } }>();
  const findApp = (c: Context) => {
    const owner = readAppToken(tokenOf(c.req.raw) ?? "", apps);
    if (owner === null) {
      throw new GraphError(400, 15, "(#15) This method must be called with an app access_token.");
    }
    const id = c.req.param("id") ?? "";
    if (owner.id !== id) throw unknownObject(c.req.method, id);
    return owner;
  };
  app.use(async (c, next) => {
    const token = tokenOf(c.req.raw);
    if (token === null) {
      throw new GraphError(400, 104, "An access token is required to request this resource.");
    }
    if (readAppToken(token, apps) !== null || c.req.path.endsWith("/subscriptions")) {
      return await next();
    }
    const account = accounts.get(owners.get(token) ?? "");
    if (account === undefined || !account.tokens.includes(token)) throw badToken();
    c.set("account", account);
    await next();
  });
  // An app's own token opens no account.
  const accountOf = (c: GraphContext) => {
    const account = c.get("account");
    if (account === undefined) throw unknownObject(c.req.method, c.req.param("id") ?? "");
    return account;
  };
  const findNumber = (c: GraphContext, id: string) => {
    const number = accountOf(c).phone_numbers.find((number) => number.id === id);
    if (number === undefined) throw unknownObject(c.req.method, id);
    return number;
  };
  const findBusiness = (c: GraphContext, id: string) => {
    const business = accountOf(c).business_accounts.find((business) => business.id === id);
    if (business === undefined) throw unknownObject(c.req.method, id);
    return business;
  };

  app.get("/whatsapp_business/attachments/", (c) => {
    const media = accountOf(c).media[c.req.query("mid") ?? ""];
    if (media === undefined || media.expires_at <= Date.now()) return c.text("Not found", 404);
    return c.body(mediaBytes(media), 200, { "content-type": media.mime_type });
  });
  const version = "/:version{v\\d+\\.\\d+}";
  app.get(`${version}/:id/subscriptions`, (c) => {
    return c.json({ data: Object.values(findApp(c).subscriptions) });
  });
  app.post(`${version}/:id/subscriptions`, async (c) => {
    await subscribeApp(findApp(c), await readJson(c, {}), c.req.param("version"));
    return c.json({ success: true });
  });
  app.delete(`${version}/:id/subscriptions`, (c) => {
    const owner = findApp(c);
    const object = c.req.query("object");
    if (object === undefined) owner.subscriptions = {};
    else delete owner.subscriptions[object];
    return c.json({ success: true });
  });
  app.post(`${version}/:id/messages`, async (c) => {
    const number = findNumber(c, c.req.param("id"));
    return c.json(sendMessage(accountOf(c), number.id, await readJson(c)) as object);
  });
  app.get(`${version}/:id/phone_numbers`, (c) => {
    const business = findBusiness(c, c.req.param("id"));
    const data = accountOf(c).phone_numbers
      .filter((number) => number.business_account_id === business.id)
      .map((number) => phoneNumberNode(number, c.req.query("fields")));
    return c.json({ data, paging: { cursors: { before: "QVFI", after: "QVFI" } } });
  });
  app.post(`${version}/:id/subscribed_apps`, async (c) => {
    const business = findBusiness(c, c.req.param("id"));
    const parsed = subscription.safeParse(await readJson(c, {}));
    if (!parsed.success) throw new GraphError(400, 100, "(#100) Invalid parameter");
    const { override_callback_uri } = parsed.data;
    accountOf(c).subscriptions[business.id] = override_callback_uri === undefined
      ? {}
      : { override_callback_uri };
    return c.json({ success: true });
  });
  app.get(`${version}/:id/subscribed_apps`, (c) => {
    const { account, business } = {
      account: accountOf(c),
      business: findBusiness(c, c.req.param("id")),
    };
    const current = account.subscriptions[business.id];
    const link = `https://www.facebook.com/games/?app_id=${account.app_id}`;
    const app = { id: account.app_id, name: account.app_name, link };
    return c.json({
      data: current === undefined ? [] : [{ whatsapp_business_api_data: app, ...current }],
    });
  });
  app.delete(`${version}/:id/subscribed_apps`, (c) => {
    delete accountOf(c).subscriptions[findBusiness(c, c.req.param("id")).id];
    return c.json({ success: true });
  });
  app.get(`${version}/:id`, (c) => {
    const account = accountOf(c);
    const id = c.req.param("id");
    const media = account.media[id];
    if (media !== undefined) return c.json(mediaNode(media, new URL(c.req.url).origin));
    const business = account.business_accounts.find((business) => business.id === id);
    if (business !== undefined) return c.json(businessNode(business, c.req.query("fields")));
    return c.json(phoneNumberNode(findNumber(c, id), c.req.query("fields")));
  });
  app.notFound((c) => {
    const error = new GraphError(400, 2500, `Unknown path components: ${c.req.path}`);
    return c.json(graphBody(error), 400);
  });
  app.onError((error, c) => {
    if (!(error instanceof GraphError)) throw error;
    return c.json(graphBody(error), error.status as 400);
  });

  return {
    name: "graph",
    handle: (request) => app.fetch(request),
    identify(request) {
      const token = tokenOf(request);
      return {
        account: token === null ? null : owners.get(token) ?? null,
        credential: token === null ? null : fingerprintCredential(token),
      };
    },
    errorBody: (status) => graphBody(injectedError(status)),
    register(body) {
      const { token, account: name, app_secret, ...rest } = registration.parse(body);
      const knownApp = apps.get(rest.app_id);
      apps.set(rest.app_id, {
        id: rest.app_id,
        secret: app_secret ?? knownApp?.secret ?? DEMO_APP_SECRET,
        subscriptions: knownApp?.subscriptions ?? {},
      });
      const id = name ?? owners.get(token) ?? rest.business_accounts[0]?.id ?? crypto.randomUUID();
      const known = accounts.get(id);
      const tokens = [...new Set([...(known?.tokens ?? []), token])];
      const fresh = { subscriptions: {}, messages: [], read: [], media: {}, closed_windows: [] };
      accounts.set(id, { ...fresh, ...known, ...rest, id, tokens });
      owners.set(token, id);
      return { account: id };
    },
    revoke(token) {
      const account = accounts.get(owners.get(token) ?? "");
      if (account === undefined || !account.tokens.includes(token)) return false;
      account.tokens = account.tokens.filter((other) => other !== token);
      return true;
    },
    resolveAccount,
    state: (id) => id === null ? [...accounts.values()] : accounts.get(id) ?? null,
    clear(id) {
      for (const account of accounts.values()) {
        if (id !== null && account.id !== id) continue;
        Object.assign(account, { subscriptions: {}, messages: [], read: [], media: {} });
      }
    },
    configure(id, settings) {
      const account = accounts.get(id ?? "");
      if (account === undefined) throw new ControlError("these settings need an account");
      const { closedWindows } = accountSettings.parse(settings);
      if (closedWindows !== undefined) account.closed_windows = closedWindows;
    },
    async control(request, path) {
      if (request.method !== "POST" || path !== "/media") return null;
      const accountOf = (name: string) => accounts.get(resolveAccount(name) ?? "");
      const media = plantMedia(await request.json(), accountOf);
      if (media === null) throw new ControlError("no such account");
      return Response.json({ id: media.id }, { status: 201 });
    },
    snapshot: () => ({ accounts: [...accounts.values()], apps: [...apps.values()] }),
    restore(snapshot) {
      // As it was written before there were apps.
      const kept = Array.isArray(snapshot)
        ? { accounts: snapshot as GraphAccount[], apps: [] }
        : snapshot as { accounts: GraphAccount[]; apps: GraphApp[] };
      for (const account of kept.accounts) {
        accounts.set(account.id, account);
        for (const token of account.tokens) owners.set(token, account.id);
        const { app_id: id } = account;
        if (!apps.has(id)) apps.set(id, { id, secret: DEMO_APP_SECRET, subscriptions: {} });
      }
      for (const one of kept.apps) apps.set(one.id, one);
    },
  };
}

async function readJson(c: GraphContext, empty?: unknown): Promise<unknown> {
  const text = await c.req.text();
  if (text === "" && empty !== undefined) return empty;
  if ((c.req.header("content-type") ?? "").startsWith("application/x-www-form-urlencoded")) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new GraphError(400, 100, "(#100) Invalid parameter", { details: "Body is not JSON." });
  }
}
