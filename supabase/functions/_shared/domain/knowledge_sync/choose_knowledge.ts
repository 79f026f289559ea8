import type { AgentRole, KnowledgeSettings } from "../../ports.ts";

export type ChosenKnowledge = {
  tool: { id: string; name: string } | null;
  /** Whether our own index answers what the caller says. Never beside a tool. */
  ownIndex: boolean;
  /** Tools of ours that the assistant may not have. */
  unwantedToolIds: string[];
};

/**
 * What one agent's assistant is to know by, in the account of the given key. A tool that was made with
 * another key may not exist there, and a call with a tool that doesn't exist fails.
 */
export function chooseKnowledge(
  settings: KnowledgeSettings | undefined,
  { role, keyFingerprint }: { role: AgentRole; keyFingerprint: string },
): ChosenKnowledge {
  if (settings === undefined) return { tool: null, ownIndex: false, unwantedToolIds: [] };
  const { mode, has_documents, tool, roles, retired_tool_ids } = settings;
  const meant = roles.includes(role);
  const attached = mode === "query_tool" && meant && tool?.key_fingerprint === keyFingerprint
    ? { id: tool.id, name: tool.name }
    : null;
  const gone = tool === null || tool.id === attached?.id ||
      tool.key_fingerprint !== keyFingerprint
    ? []
    : [tool.id];
  return {
    tool: attached,
    ownIndex: mode === "own_index" && meant && has_documents,
    unwantedToolIds: [...retired_tool_ids.filter((id) => id !== attached?.id), ...gone],
  };
}
