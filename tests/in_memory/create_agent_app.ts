import { createAgentSync } from "../../supabase/functions/agent-sync/app.ts";
import { syncAgents } from "../../supabase/functions/_shared/services/sync_agents.ts";
import { integrationKey } from "./create_memory.ts";
import { CLINIC, createTestSurroundings, GOOD_BODY } from "./create_test_app.ts";
import { createAgent } from "./create_workspace_store.ts";

/** `agent-sync` of an organization with both agents, at Vapi and with its number unless said. */
export async function createAgentApp(
  { connected = true, synced = true, number = true, clock }: {
    connected?: boolean;
    synced?: boolean;
    number?: boolean;
    clock?: () => number;
  } = {},
) {
  const surroundings = createTestSurroundings(clock);
  const { memory, options, ports, verifyUser, world } = surroundings;
  const app = createAgentSync({ ...options, ports, verifyUser });
  for (const role of ["inbound", "outbound"] as const) {
    memory.agents.set(role, createAgent(CLINIC, role));
  }
  const connect = async (
    provider: "vapi" | "twilio",
    secrets: object,
    public_config: object,
  ) => {
    memory.integrations.set(integrationKey(CLINIC, provider), {
      org_id: CLINIC,
      provider,
      connected: true,
      fingerprint: "fingerprint",
      last_four: "inic",
      public_config: public_config as never,
      revision: 1,
      ...await ports.cipher.seal(CLINIC, provider, secrets as never),
    });
  };
  if (connected) await connect("vapi", { api_key: GOOD_BODY.vapi_api_key }, {});
  if (connected && number) {
    await connect("twilio", { auth_token: GOOD_BODY.twilio_auth_token }, {
      account_sid: GOOD_BODY.twilio_account_sid,
      from_number: GOOD_BODY.twilio_from_number,
      friendly_name: "Demo",
    });
  }
  const account = world.vapiAccounts.get(GOOD_BODY.vapi_api_key)!;
  if (connected && synced) {
    await syncAgents({ ...ports, logger: options.logger }, {
      orgId: CLINIC,
      requestId: "before",
    });
    world.calls.length = 0;
  }
  return {
    ...surroundings,
    app,
    account,
    agent: (role: "inbound" | "outbound") => memory.agents.get(role)!,
    assistant: (role: "inbound" | "outbound") =>
      account.assistants.get(memory.agents.get(role)?.vapi_assistant_id ?? ""),
    boundNumber: () => [...account.numbers.values()][0],
  };
}
