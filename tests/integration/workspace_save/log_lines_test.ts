import { deepEqual, equal, ok } from "node:assert/strict";
import { at } from "../../in_memory/read_answer.ts";
import { createTenant, workspaceBody } from "../../support/create_tenant.ts";
import { startExtraFunction } from "../support/start_extra_function.ts";
import { injectFault, waitUntil } from "../support/workspace.ts";

type Line =
  & { level: string; message: string; request_id?: string; org_id?: string }
  & Record<
    string,
    unknown
  >;

/** In a process of its own: an isolate's lines are capped, and other tests write many. */
Deno.test("a save leaves the lines that tell its story, each with request and organization", async (test) => {
  await using process = await startExtraFunction("workspace-save", {
    PROVIDER_RETRY_BASE_MILLISECONDS: "20",
  });
  const tenant = await createTenant();
  const save = async (requestId: string) => {
    const response = await fetch(process.url, {
      method: "POST",
      headers: {
        authorization: `Bearer ${tenant.owner.token}`,
        "content-type": "application/json",
        "x-request-id": requestId,
      },
      body: JSON.stringify(workspaceBody(tenant.accounts)),
    });
    return { status: response.status, body: await response.json() };
  };
  /** All of a request's lines: they come by another way than its answer, which may be here before them. */
  const readLines = async (requestId: string): Promise<Line[]> => {
    const read = (): Line[] =>
      process.readLog().split("\n").slice(0, -1).filter((line) => line.includes(`"${requestId}"`))
        .map((line) => JSON.parse(line));
    const isLast = ({ message }: Line) => message === "Request answered";
    await waitUntil("the request's last line", () => Promise.resolve(read().some(isLast)));
    return read();
  };

  await test.step("of a first save", async () => {
    const { status, body } = await save("first-save");
    equal(status, 200);
    const lines = await readLines("first-save");
    const counts = new Map<string, number>();
    for (const { message } of lines) counts.set(message, (counts.get(message) ?? 0) + 1);
    const expected = {
      "Workspace save request received": 1,
      "Validating Vapi API key": 1,
      "Vapi API key validated": 1,
      "Validating Twilio credentials": 1,
      "Twilio credentials validated": 1,
      "Workspace credentials stored": 1,
      "Agent created": 2,
      "Agent sync attempt": 2,
      "Agent sync verification": 2,
      "All agents synced to Vapi": 1,
      "Request answered": 1,
    };
    for (const [message, count] of Object.entries(expected)) {
      equal(counts.get(message), count, message);
    }
    for (const line of lines) {
      equal(line.org_id, tenant.orgId, line.message);
      equal(line.request_id, "first-save");
    }
    const all = lines.find(({ message }) => message === "All agents synced to Vapi");
    deepEqual(all?.agent_ids, [at(body, "agentIds.inbound"), at(body, "agentIds.outbound")]);
  });
  await test.step("of a second one, whose agents are found", async () => {
    equal((await save("second-save")).status, 200);
    const messages = (await readLines("second-save")).map(({ message }) => message);
    equal(messages.filter((message) => message === "Agent found").length, 2);
    equal(messages.includes("Agent created"), false);
  });
  await test.step("of a sync that fails, as an error", async () => {
    const other = await createTenant();
    await using _fault = await injectFault("vapi", other.accounts.vapi.key, {
      path: "/assistant",
      method: "POST",
      mode: "status",
      status: 400,
    });
    const response = await fetch(process.url, {
      method: "POST",
      headers: {
        authorization: `Bearer ${other.owner.token}`,
        "content-type": "application/json",
        "x-request-id": "failed-save",
      },
      body: JSON.stringify({ vapi_api_key: other.accounts.vapi.key }),
    });
    equal(response.status, 502);
    await response.body?.cancel();
    const attempts = (await readLines("failed-save"))
      .filter(({ message }) => message === "Agent sync attempt");
    equal(attempts.length, 2);
    ok(attempts.every(({ level }) => level === "ERROR"));
  });
});
