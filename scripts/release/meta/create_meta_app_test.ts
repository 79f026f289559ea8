import assert from "node:assert/strict";
import { withSimulators } from "../../local/simulators/with_simulators.ts";
import { ReleaseError } from "../release_error.ts";
import { createMetaApp } from "./create_meta_app.ts";

const APP = { appId: "300000000000001", appSecret: "local-whatsapp-app-secret", version: "v26.0" };

Deno.test("a webhook is registered where it shakes hands, and read back", async () => {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const query = new URL(request.url).searchParams;
    const isGood = query.get("hub.verify_token") === "good";
    return new Response(isGood ? query.get("hub.challenge") : "no", { status: isGood ? 200 : 403 });
  });
  const callbackUrl = `http://127.0.0.1:${server.addr.port}/whatsapp`;
  try {
    await withSimulators(async ({ graph }) => {
      const app = createMetaApp({ ...APP, graphUrl: graph });
      assert.equal(await app.readWebhook(), null);
      const refused = await app.registerWebhook({ callbackUrl, verifyToken: "bad" }).catch((e) =>
        e
      );
      assert.ok(refused instanceof ReleaseError);
      assert.match(
        refused.message,
        /^Cannot point Meta's app "300000000000001" at ".+": .*403.*2200/,
      );
      assert.equal(await app.readWebhook(), null);
      await app.registerWebhook({ callbackUrl, verifyToken: "good" });
      await app.registerWebhook({ callbackUrl, verifyToken: "good" });
      const webhook = { callbackUrl, isActive: true, fields: ["messages"] };
      assert.deepEqual(await app.readWebhook(), webhook);
    });
  } finally {
    await server.shutdown();
  }
});

Deno.test("what Meta refuses is told with its reason, and never the secret", async () => {
  await withSimulators(async ({ graph }) => {
    const cases: [change: Partial<typeof APP>, code: string][] = [
      [{ appSecret: "another" }, "unauthorized"],
      [{ appId: "300000000000009" }, "unauthorized"],
    ];
    for (const [change, code] of cases) {
      const error = await createMetaApp({ ...APP, ...change, graphUrl: graph }).readWebhook()
        .catch((e) => e);
      assert.equal(error.code, code);
      assert.ok(!/another|local-whatsapp-app-secret/.test(error.message));
    }
    const gone = createMetaApp({ ...APP, graphUrl: "http://127.0.0.1:1" });
    assert.equal((await gone.readWebhook().catch((e) => e)).code, "unreachable");
  });
});
