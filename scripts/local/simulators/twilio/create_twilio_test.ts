import assert from "node:assert/strict";
import { member, send, withSimulators } from "../with_simulators.ts";

const SID = "AC00000000000000000000000000000001";
const TOKEN = "0123456789abcdef0123456789abcdef";
const OTHER_SID = "AC00000000000000000000000000000002";
const basic = (sid: string, token: string) => ({
  authorization: `Basic ${btoa(`${sid}:${token}`)}`,
});
const HEADERS = basic(SID, TOKEN);

Deno.test("an account shows itself, its token included", async () => {
  await withSimulators(async ({ twilio }) => {
    const { status, body } = await send(`${twilio}/2010-04-01/Accounts/${SID}.json`, {
      headers: HEADERS,
    });
    assert.equal(status, 200);
    assert.equal(member(body, "status"), "active");
    assert.equal(member(body, "auth_token"), TOKEN);
  });
});

Deno.test("refusals have Twilio's codes", async () => {
  await withSimulators(async ({ twilio }) => {
    const account = (sid: string, headers: Record<string, string>) =>
      send(`${twilio}/2010-04-01/Accounts/${sid}.json`, { headers });
    const cases: [sid: string, headers: Record<string, string>, status: number, code: number][] = [
      [SID, {}, 401, 20003],
      [SID, basic(SID, "wrong"), 401, 20003],
      [SID, { authorization: "Basic %%%" }, 401, 20003],
      [OTHER_SID, HEADERS, 404, 20404],
      ["AC123", HEADERS, 404, 20404],
    ];
    for (const [sid, headers, status, code] of cases) {
      const reply = await account(sid, headers);
      assert.equal(reply.status, status);
      assert.equal(member(reply.body, "code"), code);
      assert.equal(member(reply.body, "status"), status);
      assert.match(member(reply.body, "more_info"), new RegExp(`${code}$`));
    }
    await send(`${twilio}/__simulator/accounts`, { method: "DELETE", body: { sid: SID } });
    assert.equal((await account(SID, HEADERS)).status, 401);
  });
});

Deno.test("registering again changes the status and the numbers", async () => {
  await withSimulators(async ({ twilio }) => {
    const numbers = [{ phone_number: "+15005550100", voice: false }];
    await send(`${twilio}/__simulator/accounts`, {
      body: { sid: SID, token: TOKEN, status: "suspended", numbers },
    });
    const base = `${twilio}/2010-04-01/Accounts/${SID}`;
    const { body } = await send(`${base}.json`, { headers: HEADERS });
    assert.equal(member(body, "status"), "suspended");
    const { body: page } = await send(`${base}/IncomingPhoneNumbers.json`, { headers: HEADERS });
    const [number] = member<unknown[]>(page, "incoming_phone_numbers");
    assert.equal(member(member(number, "capabilities"), "voice"), false);
  });
});

const SEARCHES: [query: string, numbers: string[]][] = [
  ["?PhoneNumber=%2B15005550100&PageSize=1", ["+15005550100"]],
  ["?PhoneNumber=%2B1500555&PageSize=1", ["+15005550100"]],
  ["?PhoneNumber=%2B1500555", ["+15005550100", "+15005550101"]],
  ["?PhoneNumber=%2B150055501*1", ["+15005550101"]],
  // A plus that is not encoded is a space.
  ["?PhoneNumber=+15005550100", []],
  ["?PhoneNumber=%2B15005550199", []],
  ["", ["+15005550100", "+15005550101"]],
  ["?PageSize=1&Page=1", ["+15005550101"]],
];
for (const [query, numbers] of SEARCHES) {
  Deno.test(`the numbers for "${query}" are ${numbers.join(", ") || "none"}`, async () => {
    await withSimulators(async ({ twilio }) => {
      await send(`${twilio}/__simulator/accounts`, {
        body: {
          sid: SID,
          token: TOKEN,
          numbers: ["+15005550100", "+15005550101"].map((phone_number) => ({ phone_number })),
        },
      });
      const url = `${twilio}/2010-04-01/Accounts/${SID}/IncomingPhoneNumbers.json${query}`;
      const { status, body } = await send(url, { headers: HEADERS });
      assert.equal(status, 200);
      const found = member<unknown[]>(body, "incoming_phone_numbers");
      assert.deepEqual(found.map((number) => member(number, "phone_number")), numbers);
    });
  });
}

Deno.test("a page size out of range is refused", async () => {
  await withSimulators(async ({ twilio }) => {
    const url = `${twilio}/2010-04-01/Accounts/${SID}/IncomingPhoneNumbers.json?PageSize=0`;
    assert.equal((await send(url, { headers: HEADERS })).status, 400);
  });
});
