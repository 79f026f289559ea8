import type { Credentials } from "../../supabase/functions/_shared/domain/workspace/complete_credentials.ts";
import type {
  AgentRow,
  Connect,
  JsonObject,
  VapiPublicConfig,
  WorkspaceStore,
} from "../../supabase/functions/_shared/ports.ts";
import { fail, type Finding } from "./finding.ts";

const SYNC = "POST /agent-sync/sync for the organization (or wait for the drift check's repair)";

type Remote = { name: string; server: unknown };

/** The things at Vapi that have to call us, against our webhook's address. */
export function judgeServers(check: string, remotes: Remote[], webhookUrl: string): Finding[] {
  return remotes.flatMap(({ name, server }) => {
    const url = (server as { url?: unknown } | null | undefined)?.url;
    if (url === webhookUrl) return [];
    const detail = typeof url === "string"
      ? `${name} calls "${url}" and not us`
      : `${name} has no server URL`;
    return [fail(check, detail, `${SYNC}; it has to be ${webhookUrl}`)];
  });
}

/** Whether the organization's assistants and its number call our webhook. Nothing without Vapi. */
export async function checkVapiServer(
  { connect, workspace, webhookUrl }: {
    connect: Connect;
    workspace: Pick<WorkspaceStore, "readWorkspace">;
    webhookUrl: string;
  },
  { check, org_id, opened: { vapi }, stored }: {
    check: string;
    org_id: string;
    opened: Credentials;
    stored: JsonObject;
  },
): Promise<Finding[]> {
  if (vapi === undefined) return [];
  const client = connect.vapi(vapi, () => {});
  const { agents } = await workspace.readWorkspace({ org_id });
  const ids = agents.flatMap(({ role, vapi_assistant_id: id }: AgentRow) =>
    id === null ? [] : [{ role, id }]
  );
  const found = await Promise.all(ids.map(async ({ role, id }) => ({
    role,
    assistant: await client.getAssistant(id),
  })));
  const missing = found.filter(({ assistant }) => assistant === null)
    .map(({ role }) => fail(check, `the ${role} assistant is gone at Vapi`, SYNC));
  const remotes: Remote[] = found.flatMap(({ role, assistant }) =>
    assistant === null ? [] : [{ name: `the ${role} assistant`, server: assistant["server"] }]
  );
  const { number } = stored as VapiPublicConfig;
  // A number that goes straight to an assistant is answered by the assistant's server.
  if (number !== undefined && number.assistant_id === undefined) {
    const known = (await client.listPhoneNumbers())
      .find(({ id }) => id === number.phone_number_id);
    remotes.push({ name: `number ${number.number}`, server: known?.server });
  }
  return [...missing, ...judgeServers(check, remotes, webhookUrl)];
}
