import { AGENT_ROLES, type AgentRole, type Assistant, type Vapi } from "../ports.ts";

export type OwnAssistant = {
  id: string;
  name: string;
  createdAt: string;
  /** `metadata.agent_id`. */
  agentId: string;
  role: AgentRole | null;
};

const PAGE = 1_000;
/** An account with more assistants than this is read in part, newest first. */
const PAGES = 20;

/** The assistants of an account that carry our metadata for one organization. @throws ProviderError */
export async function listOwnAssistants(
  vapi: Pick<Vapi, "listAssistants">,
  { orgId }: { orgId: string },
): Promise<OwnAssistant[]> {
  const found = new Map<string, Assistant>();
  let createdAtLe: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const assistants = await vapi.listAssistants({
      limit: PAGE,
      ...(createdAtLe === undefined ? {} : { createdAtLe }),
    });
    const before = found.size;
    for (const assistant of assistants) found.set(assistant.id, assistant);
    if (assistants.length < PAGE || found.size === before) break;
    createdAtLe = assistants.map(({ createdAt }) => createdAt).sort()[0];
  }
  return [...found.values()].flatMap(({ id, name, createdAt, metadata }) =>
    metadata?.org_id === orgId && typeof metadata.agent_id === "string"
      ? {
        id,
        name: typeof name === "string" ? name : "",
        createdAt,
        agentId: metadata.agent_id,
        role: AGENT_ROLES.find((role) => role === metadata.role) ?? null,
      }
      : []
  );
}
