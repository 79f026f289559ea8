import assert from "node:assert/strict";
import * as fc from "fast-check";
import { arbitraryDelivery } from "../../support/arbitrary_delivery.ts";
import { createWhatsappTenant, deliver } from "../../support/whatsapp.ts";

const RUNS = Number(Deno.env.get("PROPERTY_RUNS") ?? 400);

/** As WhatsApp does: what a busy database couldn't take in time comes again. Poison would never be taken. */
async function deliverUntilTaken(body: string | Uint8Array) {
  for (let attempt = 1;; attempt += 1) {
    const answer = await deliver(body);
    if (answer.status !== 503 || attempt === 5) return answer;
  }
}

Deno.test("whatever a signed delivery holds, it is acknowledged", async () => {
  const { phoneNumberId } = await createWhatsappTenant({ isInRollout: false });
  const delivery = arbitraryDelivery({ phone_number_id: phoneNumberId });
  await fc.assert(
    fc.asyncProperty(delivery, async (value) => {
      const { status, text } = await deliverUntilTaken(JSON.stringify(value) ?? "");
      assert.equal(status, 200, text);
    }),
    { numRuns: RUNS },
  );
});

Deno.test("whatever signed bytes are, they are acknowledged", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (body) => {
      const { status, text } = await deliverUntilTaken(Uint8Array.from(body));
      assert.equal(status, 200, text);
    }),
    { numRuns: Math.ceil(RUNS / 4) },
  );
});
