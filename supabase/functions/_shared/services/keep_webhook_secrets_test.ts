import assert from "node:assert/strict";
import { AppError } from "../errors.ts";
import type { Logger } from "../ports.ts";
import { keepWebhookSecrets } from "./keep_webhook_secrets.ts";

const silent: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  critical() {},
  with: () => silent,
};

function setUp(appSecret: string | null = "own") {
  const asked: { phone_number_ids: string[]; business_account_ids: string[] }[] = [];
  let now = 0;
  const find = keepWebhookSecrets({
    inbox: {
      readWebhookSecrets: (origins) => {
        asked.push(origins);
        const { phone_number_ids, business_account_ids } = origins;
        return Promise.resolve(
          phone_number_ids.includes("1001") || business_account_ids.includes("waba-1001")
            ? [{
              org_id: "clinic",
              phone_number_id: "1001",
              business_account_id: "waba-1001",
              ciphertext: "c",
              key_id: "k",
            }]
            : [],
        );
      },
    },
    openCipher: () =>
      Promise.resolve({
        open: () => Promise.resolve({ access_token: "t", app_secret: appSecret } as never),
      }),
    clock: () => now,
    logger: silent,
  });
  const findNumbers = (phone_number_ids: string[]) =>
    find({ phone_number_ids, business_account_ids: [] });
  return { find, findNumbers, asked, pass: (milliseconds: number) => now += milliseconds };
}

Deno.test("a number's own secret is looked up once a minute, and so is that there is none", async () => {
  const { findNumbers: find, asked, pass } = setUp();
  assert.deepEqual(await find(["1001", "2001", "1001"]), [{ org_id: "clinic", secret: "own" }]);
  assert.deepEqual(await find(["2001"]), []);
  const first = { phone_number_ids: ["1001", "2001"], business_account_ids: [] };
  assert.deepEqual(asked, [first]);
  pass(60_000);
  await find(["1001"]);
  assert.deepEqual(asked, [first, { phone_number_ids: ["1001"], business_account_ids: [] }]);
});

Deno.test("an organization without an own secret has none", async () => {
  assert.deepEqual(await setUp(null).findNumbers(["1001"]), []);
});

Deno.test("a flood of forged signatures is not a flood of lookups", async () => {
  const { findNumbers: find, asked } = setUp();
  const answers = await Promise.allSettled(
    Array.from({ length: 50 }, (_, index) => find([`x${index}`])),
  );
  const refused = answers.filter((answer) => answer.status === "rejected");
  assert.equal(asked.length, 5);
  assert.equal(refused.length, 45);
  assert.ok(
    refused.every(({ reason }) => reason instanceof AppError && reason.code === "unavailable"),
  );
});

Deno.test("what names no number is verified by its account, and neither stands for the other", async () => {
  const { find, asked } = setUp();
  const own = [{ org_id: "clinic", secret: "own" }];
  const account = { phone_number_ids: [], business_account_ids: ["waba-1001"] };
  assert.deepEqual(await find(account), own);
  assert.deepEqual(await find(account), own);
  assert.deepEqual(asked, [account]);
  assert.deepEqual(await find({ phone_number_ids: ["waba-1001"], business_account_ids: [] }), []);
  assert.deepEqual(
    await find({ phone_number_ids: ["1001"], business_account_ids: ["waba-1001"] }),
    own,
    "one organization is one candidate",
  );
});
