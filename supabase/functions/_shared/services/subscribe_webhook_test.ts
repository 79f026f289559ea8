import { deepEqual, rejects } from "node:assert/strict";
import {
  createFakeConnect,
  createFakeProviders,
} from "../../../../tests/in_memory/create_fake_connect.ts";
import { ProviderError } from "../errors.ts";
import { subscribeWebhook } from "./subscribe_webhook.ts";

function setUp() {
  const world = createFakeProviders();
  world.whatsappTokens.set("token", new Map([["200", ["100"]]]));
  const whatsapp = createFakeConnect(world).whatsapp(
    { access_token: "token", app_secret: null },
    () => {},
  );
  return { world, whatsapp };
}

const CASES = [
  {
    name: "a first time is written and read back",
    subscribed: false,
    atMeta: false,
    calls: ["subscribe", "readSubscriptions"],
  },
  {
    name: "a later time is only looked at",
    subscribed: true,
    atMeta: true,
    calls: ["readSubscriptions"],
  },
  {
    name: "what Meta forgot is written again",
    subscribed: true,
    atMeta: false,
    calls: ["readSubscriptions", "subscribe", "readSubscriptions"],
  },
];
for (const { name, subscribed, atMeta, calls } of CASES) {
  Deno.test(`subscribeWebhook: ${name}`, async () => {
    const { world, whatsapp } = setUp();
    if (atMeta) world.subscriptions.add("200");
    await subscribeWebhook(whatsapp, { businessAccountId: "200", subscribed });
    deepEqual(world.calls, calls.map((call) => `whatsapp.${call}`));
    deepEqual([...world.subscriptions], ["200"]);
  });
}

Deno.test("subscribeWebhook: a confirmation that Meta does not keep is a failure", async () => {
  const { whatsapp } = setUp();
  await rejects(
    subscribeWebhook({ ...whatsapp, subscribe: () => Promise.resolve() }, {
      businessAccountId: "200",
      subscribed: false,
    }),
    (error) => error instanceof ProviderError && error.failure === "invalid_response",
  );
});
