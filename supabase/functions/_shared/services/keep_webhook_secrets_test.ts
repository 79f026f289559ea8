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
  const asked: string[][] = [];
  let now = 0;
  const find = keepWebhookSecrets({
    inbox: {
      readWebhookSecrets: (ids) => {
        asked.push(ids);
        return Promise.resolve(
          ids.filter((id) => id === "1001")
            .map((phone_number_id) => ({
              org_id: "clinic",
              phone_number_id,
              ciphertext: "c",
              key_id: "k",
            })),
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
  return { find, asked, pass: (milliseconds: number) => now += milliseconds };
}

Deno.test("a number's own secret is looked up once a minute, and so is that there is none", async () => {
  const { find, asked, pass } = setUp();
  assert.deepEqual(await find(["1001", "2001", "1001"]), [{ org_id: "clinic", secret: "own" }]);
  assert.deepEqual(await find(["2001"]), []);
  assert.deepEqual(asked, [["1001", "2001"]]);
  pass(60_000);
  await find(["1001"]);
  assert.deepEqual(asked, [["1001", "2001"], ["1001"]]);
});

Deno.test("an organization without an own secret has none", async () => {
  assert.deepEqual(await setUp(null).find(["1001"]), []);
});

Deno.test("a flood of forged signatures is not a flood of lookups", async () => {
  const { find, asked } = setUp();
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
