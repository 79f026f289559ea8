import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkContract } from "./check_contract.ts";
import { send, withSimulators } from "./local/simulators/with_simulators.ts";

const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: unknown, required = true) => ({
  required,
  content: { "application/json": { schema } },
});
const text = { type: "string" };

/** As NestJS generates it, with the habits of its that the check has to read past. */
const OPENAPI = {
  openapi: "3.0.0",
  paths: {
    "/assistant": {
      post: { requestBody: json(reference("CreateAssistantDTO")) },
      get: { parameters: [{ name: "limit", in: "query" }] },
    },
    "/assistant/{id}": { patch: { requestBody: json(reference("CreateAssistantDTO")) } },
    "/phone-number/{id}": { patch: { requestBody: json(reference("UpdateNumberDTO")) } },
    "/file": {
      post: {
        requestBody: {
          required: true,
          content: { "multipart/form-data": { schema: reference("CreateFileDTO") } },
        },
      },
    },
    "/tool": {
      post: {
        requestBody: json({
          oneOf: [reference("QueryTool"), reference("EndCallTool")],
          discriminator: {
            propertyName: "type",
            mapping: { query: "#/components/schemas/QueryTool" },
          },
        }),
      },
    },
    "/tool/{id}": {
      patch: {
        requestBody: json({
          oneOf: [reference("UpdateQueryTool"), reference("UpdateEndCallTool")],
        }),
      },
    },
  },
  components: {
    schemas: {
      CreateAssistantDTO: {
        type: "object",
        properties: {
          name: { type: "string", maxLength: 40, description: "The name." },
          voice: {
            oneOf: [{ ...reference("VapiVoice"), title: "Vapi" }, reference("OtherVoice")],
          },
          server: { allOf: [reference("Server")], description: "The server." },
          metadata: { type: "object" },
          description: { ...text, nullable: true },
          serverMessages: {
            type: "array",
            enum: ["hang", "transcript"],
            items: { type: "string", enum: ["hang", "transcript"] },
          },
        },
      },
      VapiVoice: {
        type: "object",
        properties: { provider: { type: "string", enum: ["vapi"] }, voiceId: text },
        required: ["provider", "voiceId"],
      },
      OtherVoice: {
        type: "object",
        properties: {
          provider: { type: "string", enum: ["11labs"] },
          voiceId: { oneOf: [{ type: "string", enum: [] }, text] },
          stability: { type: "number", minimum: 0, maximum: 1 },
        },
        required: ["provider", "voiceId"],
      },
      Server: {
        type: "object",
        properties: { url: text, headers: { type: "object" }, backoffPlan: reference("Backoff") },
      },
      Backoff: {
        type: "object",
        properties: {
          type: { type: "object", enum: ["fixed", "exponential"] },
          maxRetries: { type: "number", maximum: 10 },
          excludedStatusCodes: { type: "array", items: { type: "object" } },
        },
        required: ["type"],
      },
      UpdateNumberDTO: {
        type: "object",
        properties: { assistantId: text, name: { type: "string", maxLength: 40 } },
      },
      CreateFileDTO: {
        type: "object",
        properties: { file: { type: "string", format: "binary" } },
        required: ["file"],
      },
      QueryTool: {
        type: "object",
        properties: {
          type: { type: "string", enum: ["query"] },
          knowledgeBases: { type: "array" },
        },
        required: ["type"],
      },
      EndCallTool: {
        type: "object",
        properties: { type: { type: "string", enum: ["endCall"] } },
        required: ["type"],
      },
      UpdateQueryTool: {
        type: "object",
        properties: {
          type: { type: "string", enum: ["query"] },
          knowledgeBases: { type: "array" },
        },
      },
      UpdateEndCallTool: {
        type: "object",
        properties: { type: { type: "string", enum: ["endCall"] } },
      },
    },
  },
};

const request = (
  method: string,
  path: string,
  body: unknown,
  contentType = "application/json",
) => ({
  method,
  path,
  query: {},
  contentType: body === null ? null : contentType,
  body,
});

async function check(requests: unknown, document: unknown = OPENAPI) {
  const folder = await mkdtemp(join(tmpdir(), "contract-"));
  try {
    const [openapi, ledger] = [join(folder, "openapi.json"), join(folder, "ledger.json")];
    await writeFile(openapi, JSON.stringify(document));
    await writeFile(ledger, JSON.stringify(requests));
    return await checkContract(["--openapi", openapi, "--ledger", ledger]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const KEPT: [what: string, entry: ReturnType<typeof request>][] = [
  [
    "a voice by its provider",
    request("POST", "/assistant", {
      name: "Ann",
      voice: { provider: "11labs", voiceId: "anybody", stability: 0.5 },
      metadata: { anything: true },
      description: null,
    }),
  ],
  [
    "a backoff plan with status codes",
    request("PATCH", "/assistant/1", {
      server: { backoffPlan: { type: "exponential", maxRetries: 5, excludedStatusCodes: [400] } },
      serverMessages: ["hang"],
    }),
  ],
  ["a masked header", request("POST", "/assistant", { server: { headers: { a: "***1234" } } })],
  ["a tool without its type in a PATCH", request("PATCH", "/tool/1", { knowledgeBases: [] })],
  [
    "the excepted name of a query tool",
    request("POST", "/tool", {
      type: "query",
      function: { name: "ask_clinic" },
    }),
  ],
  [
    "the excepted null of an unbound number",
    request("PATCH", "/phone-number/1", {
      assistantId: null,
    }),
  ],
  [
    "an upload",
    request("POST", "/file", { file: "a.md (10 bytes)" }, "multipart/form-data; boundary=x"),
  ],
  ["a list", { ...request("GET", "/assistant", null), query: { limit: "1" } }],
];
for (const [what, entry] of KEPT) {
  Deno.test(`the contract allows ${what}`, async () => {
    assert.deepEqual(await check([entry]), { text: "1 requests checked, 0 violations\n", code: 0 });
  });
}

const BROKEN: [what: string, entry: ReturnType<typeof request>, line: string][] = [
  [
    "an unknown property",
    request("POST", "/assistant", { firstMesage: "Hi" }),
    'POST /assistant body: unknown property "firstMesage"',
  ],
  [
    "a name too long",
    request("PATCH", "/assistant/1", { name: "x".repeat(41) }),
    "PATCH /assistant/{id} /name: must NOT have more than 40 characters",
  ],
  [
    "an unknown property behind allOf",
    request("POST", "/assistant", { server: { uri: "x" } }),
    'POST /assistant /server: unknown property "uri"',
  ],
  [
    "a foreign field of a voice",
    request("POST", "/assistant", { voice: { provider: "vapi", voiceId: "Elliot", stability: 1 } }),
    'POST /assistant /voice: unknown property "stability"',
  ],
  [
    "an unknown provider",
    request("POST", "/assistant", { voice: { provider: "x", voiceId: "y" } }),
    "POST /assistant /voice/provider: must be one of vapi, 11labs",
  ],
  [
    "no provider",
    request("POST", "/assistant", { voice: { voiceId: "y" } }),
    "POST /assistant /voice: must have required property 'provider'",
  ],
  [
    "a value out of range",
    request("POST", "/assistant", { voice: { provider: "11labs", voiceId: "y", stability: 2 } }),
    "POST /assistant /voice/stability: must be <= 1",
  ],
  [
    "an enum that claims to be an object",
    request("POST", "/assistant", { server: { backoffPlan: { type: "linear" } } }),
    "POST /assistant /server/backoffPlan/type: must be one of fixed, exponential",
  ],
  [
    "an unknown server message",
    request("POST", "/assistant", { serverMessages: ["call.started"] }),
    "POST /assistant /serverMessages/0: must be one of hang, transcript",
  ],
  [
    "more than the name in the exception",
    request("POST", "/tool", { type: "query", function: { name: "a", strict: true } }),
    'POST /tool body: unknown property "function"',
  ],
  [
    "a name that is none in the exception",
    request("POST", "/tool", { type: "query", function: { name: "a b" } }),
    'POST /tool body: unknown property "function"',
  ],
  [
    "the exception on another tool",
    request("POST", "/tool", { type: "endCall", function: { name: "a" } }),
    'POST /tool body: unknown property "function"',
  ],
  [
    "an unknown field where no type tells",
    request("PATCH", "/tool/1", { bases: [] }),
    'PATCH /tool/{id} body: matches none of its alternatives (unknown property "bases")',
  ],
  [
    "null where nothing is unbound",
    request("PATCH", "/phone-number/1", { name: null }),
    "PATCH /phone-number/{id} /name: must be string",
  ],
  [
    "a missing body",
    request("POST", "/assistant", null),
    "POST /assistant body: a body is required",
  ],
  [
    "a missing file",
    request("POST", "/file", { purpose: "x" }, "multipart/form-data"),
    "POST /file body: must have required property 'file'",
  ],
  [
    "another content type",
    request("POST", "/file", { file: "x" }),
    'POST /file body: content type "application/json" is not accepted',
  ],
  [
    "an unknown operation",
    request("POST", "/assistants", {}),
    "POST /assistants body: the OpenAPI has no such operation",
  ],
  [
    "an unknown query parameter",
    { ...request("GET", "/assistant", null), query: { name: "x" } },
    'GET /assistant query: unknown parameter "name"',
  ],
];
for (const [what, entry, line] of BROKEN) {
  Deno.test(`the contract refuses ${what}`, async () => {
    const { text, code } = await check([entry]);
    assert.equal(code, 1);
    assert.ok(text.split("\n").includes(line), text);
  });
}

Deno.test("the same violation is one line with a count", async () => {
  const entry = request("POST", "/assistant", { unknown: 1 });
  assert.deepEqual(await check([entry, entry]), {
    text:
      'POST /assistant body: unknown property "unknown" (×2)\n2 requests checked, 2 violations\n',
    code: 1,
  });
});

Deno.test("a violation planted in a running simulator's ledger is found there", async () => {
  await withSimulators(async ({ vapi }) => {
    const folder = await mkdtemp(join(tmpdir(), "contract-"));
    try {
      const openapi = join(folder, "openapi.json");
      await writeFile(openapi, JSON.stringify(OPENAPI));
      const args = ["--openapi", openapi, "--ledger", vapi];
      const key = "vapi-demo-key";
      await send(`${vapi}/assistant`, { key, body: { name: "Ann" } });
      assert.equal((await checkContract(args)).code, 0);
      await send(`${vapi}/assistant`, { key, body: { name: "Ann", firstMessage: "Hi" } });
      assert.deepEqual(await checkContract(args), {
        text: 'POST /assistant body: unknown property "firstMessage"\n' +
          "2 requests checked, 1 violations\n",
        code: 1,
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

Deno.test("what can't be read is one clear sentence", async () => {
  const missing = "/nowhere/openapi.json";
  await assert.rejects(checkContract([]), /^Error: Cannot check the contract: --openapi/);
  await assert.rejects(checkContract(["--openapi", missing]), {
    message: `Cannot read "${missing}": no such file`,
  });
  await assert.rejects(check({}), /it is not a list of recorded requests$/);
  await assert.rejects(check([], { swagger: "2.0" }), /it is not an OpenAPI 3 document$/);
  const folder = await mkdtemp(join(tmpdir(), "contract-"));
  try {
    const openapi = join(folder, "openapi.json");
    await writeFile(openapi, JSON.stringify(OPENAPI));
    const address = "http://127.0.0.1:1";
    await assert.rejects(checkContract(["--openapi", openapi, "--ledger", address]), {
      message: `Cannot read ledger "${address}": nothing answers there`,
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

Deno.test("--help says what it does", async () => {
  const { text, code } = await checkContract(["--help"]);
  assert.equal(code, 0);
  assert.match(text, /--openapi <file>/);
});
