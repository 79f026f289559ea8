import assert from "node:assert/strict";
import * as fc from "fast-check";
import { arbitraryDelivery } from "../../../../../tests/support/arbitrary_delivery.ts";
import type { KeptParts } from "../../ports_legacy.ts";
import { parseDelivery } from "./parse_delivery.ts";
import { signDelivery } from "./sign_delivery.ts";
import { splitDelivery } from "./split_delivery.ts";

const encode = (value: unknown) =>
  new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
const decode = (bytes: Uint8Array | null) => new TextDecoder().decode(bytes ?? new Uint8Array());

const ANN = { from: "250788000001", id: "wamid.ann", type: "text", text: { body: "Ça va ? 🌍" } };
const BOB = { from_user_id: "RW.1", id: "wamid.bob", type: "text", text: { body: "hello" } };
const NAMELESS = { from: "250788000001", type: "text", text: { body: "no id" } };
const profile = (person: object, name: string) => ({ profile: { name }, ...person });
const STATUS = { id: "wamid.out", status: "played", recipient_id: "250788000003" };

const DELIVERY = {
  object: "whatsapp_business_account",
  entry: [{
    id: "waba-1",
    time: 1,
    changes: [
      {
        field: "messages",
        value: {
          messaging_product: "whatsapp",
          metadata: { display_phone_number: "1", phone_number_id: "1001" },
          contacts: [
            profile({ wa_id: "250788000001" }, "Ann"),
            profile({ user_id: "RW.1" }, "Bob"),
          ],
          messages: [ANN, BOB, NAMELESS],
          errors: [{ code: 1 }],
        },
      },
      { field: "account_update", value: { event: "x" } },
      {
        field: "messages",
        value: {
          messaging_product: "whatsapp",
          metadata: { phone_number_id: "2001" },
          statuses: [STATUS, { ...STATUS, status: "sent" }],
        },
      },
    ],
  }],
};

Deno.test("a part holds the messages that it is for, their number and their people", () => {
  const part = splitDelivery(encode(DELIVERY), {
    messages: [{ phone_number_id: "1001", wamid: "wamid.ann" }],
    statuses: [],
  });
  assert.deepEqual(JSON.parse(decode(part)), {
    object: "whatsapp_business_account",
    entry: [{
      id: "waba-1",
      time: 1,
      changes: [{
        field: "messages",
        value: {
          messaging_product: "whatsapp",
          metadata: { display_phone_number: "1", phone_number_id: "1001" },
          contacts: [profile({ wa_id: "250788000001" }, "Ann")],
          messages: [ANN],
        },
      }],
    }],
  });
  // deno-lint-ignore no-control-regex
  assert.match(decode(part), /^[\x00-\x7f]+$/, "written as Meta writes");
  assert.ok(decode(part).includes("\\u00c7a va ? \\ud83c\\udf0d"));
});

Deno.test("what has no id is known by its bytes, and a status by what it says", () => {
  const parsed = parseDelivery(encode(DELIVERY));
  assert.ok(parsed.ok);
  const [, , nameless] = parsed.messages;
  const part = splitDelivery(encode(DELIVERY), {
    messages: [{ phone_number_id: "1001", wamid: nameless!.wamid }],
    statuses: [{ phone_number_id: "2001", wamid: "wamid.out", status: "read" }],
  });
  const read = parseDelivery(part!);
  assert.ok(read.ok);
  assert.deepEqual(read.messages.map(({ payload }) => payload), [NAMELESS]);
  assert.deepEqual(read.statuses.map(({ wamid, status }) => [wamid, status]), [
    ["wamid.out", "read"],
  ]);
});

Deno.test("the same message under another number stays", () => {
  const part = splitDelivery(encode(DELIVERY), {
    messages: [{ phone_number_id: "2001", wamid: "wamid.ann" }],
    statuses: [],
  });
  assert.equal(part, null);
});

Deno.test("of any delivery, whatever part: exactly that is in it", () => {
  fc.assert(
    fc.property(
      arbitraryDelivery({ phone_number_id: "1001" }),
      fc.array(fc.boolean()),
      (delivery, chosen) => {
        const body = encode(delivery);
        const parsed = parseDelivery(body);
        if (!parsed.ok) return;
        const isChosen = (_: unknown, place: number) =>
          chosen[place % (chosen.length || 1)] === true;
        const name = (
          { phone_number_id, wamid }: { phone_number_id: string | null; wamid: string },
        ) => ({ phone_number_id: phone_number_id!, wamid });
        const kept: KeptParts = {
          messages: parsed.messages.filter(({ phone_number_id }) => phone_number_id !== null)
            .filter(isChosen).map(name),
          statuses: parsed.statuses.filter(({ phone_number_id }) => phone_number_id !== null)
            .filter(isChosen).map((status) => ({ ...name(status), status: status.status })),
        };
        const part = splitDelivery(body, kept);
        if (part === null) {
          assert.deepEqual([kept.messages.length, kept.statuses.length], [0, 0]);
          return;
        }
        const read = parseDelivery(part);
        assert.ok(read.ok);
        const key = (parts: object[]) => new Set(parts.map((one) => JSON.stringify(one)));
        assert.deepEqual(key(read.messages.map(name)), key(kept.messages));
        assert.deepEqual(
          key(read.statuses.map((status) => ({ ...name(status), status: status.status }))),
          key(kept.statuses),
        );
        assert.deepEqual(read.notices, []);
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("a part is signed by the secret that signed the whole", () => {
  const [whole, part] = [encode("whole"), encode("part")];
  const by = (secret: string, body = whole) =>
    signDelivery(body, { secrets: [secret], like: null });
  const secrets = ["newest", "older"];
  for (const secret of secrets) {
    const like = { body: whole, signature: by(secret) };
    assert.equal(signDelivery(part, { secrets, like }), by(secret, part));
  }
  const gone = { body: whole, signature: by("gone") };
  assert.equal(signDelivery(part, { secrets, like: gone }), by("newest", part));
  assert.equal(signDelivery(part, { secrets, like: null }), by("newest", part));
  assert.throws(() => signDelivery(part, { secrets: [], like: null }), /no app secret/);
});
