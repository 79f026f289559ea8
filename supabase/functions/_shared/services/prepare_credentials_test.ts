import { deepEqual, equal, rejects } from "node:assert/strict";
import { createFakeCipher } from "../../../../tests/in_memory/create_fake_cipher.ts";
import {
  createMemoryLogger,
  type LogLine,
} from "../../../../tests/in_memory/create_memory_logger.ts";
import { AppError } from "../errors.ts";
import type { SealedIntegrationRow } from "../ports.ts";
import { prepareCredentials } from "./prepare_credentials.ts";

const ORG = "11111111-1111-4111-8111-111111111111";
const SID = `AC${"0".repeat(32)}`;
const WHOLE = {
  twilio_account_sid: SID,
  twilio_auth_token: "given-token",
  twilio_from_number: "+14155550100",
};

async function setUp() {
  const cipher = createFakeCipher();
  const lines: LogLine[] = [];
  const row: SealedIntegrationRow = {
    provider: "twilio",
    connected: true,
    fingerprint: "old",
    last_four: "oken",
    public_config: { account_sid: SID, from_number: "+14155550100", friendly_name: "Demo" },
    revision: 1,
    ...await cipher.seal(ORG, "twilio", { auth_token: "stored-token" }),
  };
  return { ports: { cipher, logger: createMemoryLogger(lines) }, row, lines };
}

Deno.test("prepareCredentials: a part is completed with what is stored", async () => {
  const { ports, row } = await setUp();
  const { credentials, changes } = await prepareCredentials(ports, {
    orgId: ORG,
    input: { twilio_from_number: "+14155550199" },
    integrations: [row],
  });
  deepEqual(credentials.twilio, {
    account_sid: SID,
    auth_token: "stored-token",
    from_number: "+14155550199",
  });
  equal(changes[0]?.action, "change");
});

Deno.test("prepareCredentials: the whole can be saved although the old cannot be opened", async () => {
  const { ports, row, lines } = await setUp();
  const lost = { ...row, ciphertext: "sealed-with-a-lost-key" };
  const { credentials } = await prepareCredentials(ports, {
    orgId: ORG,
    input: WHOLE,
    integrations: [lost],
  });
  equal(credentials.twilio?.auth_token, "given-token");
  equal(lines[0]?.level, "WARN");
  await rejects(
    prepareCredentials(ports, {
      orgId: ORG,
      input: { twilio_from_number: "+14155550199" },
      integrations: [lost],
    }),
    (error) => error instanceof AppError && error.code === "misconfigured",
  );
});

Deno.test("prepareCredentials: a disconnected provider completes nothing", async () => {
  const { ports, row } = await setUp();
  await rejects(
    prepareCredentials(ports, {
      orgId: ORG,
      input: { twilio_from_number: "+14155550199" },
      integrations: [{ ...row, connected: false, ciphertext: null, key_id: null }],
    }),
    (error) =>
      error instanceof AppError && error.code === "invalid_input" &&
      error.errors.map(({ field }) => field).join() === "twilio_account_sid,twilio_auth_token",
  );
});
