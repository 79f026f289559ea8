import assert from "node:assert/strict";
import { withSimulators } from "../../../../scripts/local/simulators/with_simulators.ts";
import type { ProviderError } from "../errors.ts";
import type { ProviderCall } from "../ports.ts";
import { createConnect } from "./create_connect.ts";

const SID = "AC00000000000000000000000000000001";

// The simulators are tools, which run on the newer Deno alone.
const ignore = Deno.version.deno.startsWith("2.1.");

Deno.test("the three providers work with the simulators, credentials good and bad", {
  ignore,
}, async () => {
  await withSimulators(async (urls) => {
    const calls: ProviderCall[] = [];
    const record = (call: ProviderCall) => void calls.push(call);
    const connect = createConnect({
      vapiUrl: urls.vapi,
      twilioUrl: urls.twilio,
      whatsappGraphUrl: urls.graph,
      whatsappGraphVersion: "v26.0",
    });
    const isUnauthorized = (error: ProviderError) => error.failure === "unauthorized";

    await connect.vapi({ api_key: "vapi-demo-key" }, record).verifyKey();
    await assert.rejects(connect.vapi({ api_key: "wrong" }, record).verifyKey(), isUnauthorized);

    const twilio = connect.twilio({
      account_sid: SID,
      auth_token: "0123456789abcdef0123456789abcdef",
    }, record);
    assert.equal((await twilio.readAccount()).status, "active");
    assert.equal((await twilio.findNumber("+15005550100"))?.voice, true);
    assert.equal(await twilio.findNumber("+15005550999"), null);
    await assert.rejects(
      connect.twilio({ account_sid: SID, auth_token: "f".repeat(32) }, record).readAccount(),
      isUnauthorized,
    );

    const whatsapp = connect.whatsapp({
      access_token: "EAAdemo0000000000000000000000000000000000000000",
      app_secret: null,
    }, record);
    const number = await whatsapp.readPhoneNumber("100000000000001");
    assert.equal(number.verified_name, "Demo Clinic");
    assert.deepEqual((await whatsapp.readBusinessAccount("200000000000001")).phone_number_ids, [
      "100000000000001",
    ]);
    assert.deepEqual(await whatsapp.readSubscriptions("200000000000001"), []);
    await whatsapp.subscribe("200000000000001");
    assert.equal((await whatsapp.readSubscriptions("200000000000001")).length, 1);
    await whatsapp.unsubscribe("200000000000001");
    assert.deepEqual(await whatsapp.readSubscriptions("200000000000001"), []);
    await assert.rejects(
      connect.whatsapp({ access_token: "EAAwrong", app_secret: null }, record)
        .readPhoneNumber("100000000000001"),
      isUnauthorized,
    );

    assert.equal(calls.length, 14);
    assert.equal(calls.filter(({ outcome }) => outcome === "refused").length, 3);
  });
});
