import type { JsonObject } from "../ports.ts";
import type { AgentStore, AgentTemplate } from "../ports_voice_agents.ts";
import { nameAgentField, nameAgentFields } from "./name_agent_field.ts";

export type TemplateAnswer =
  & Pick<
    AgentTemplate,
    "id" | "key" | "language" | "role" | "name" | "description"
  >
  & {
    defaults: JsonObject;
    /** Settings of the organization that have to be filled in first. */
    requiredSettings: string[];
  };

/** What agents can be made from; `language` such as "fr" leaves out the others. */
export async function listTemplates(
  { behavior }: { behavior: Pick<AgentStore, "listAgentTemplates"> },
  { language }: { language: string | null },
): Promise<TemplateAnswer[]> {
  const templates = await behavior.listAgentTemplates({ language });
  return templates.map(({ defaults, required_settings, ...template }) => ({
    ...template,
    defaults: nameAgentFields(defaults),
    requiredSettings: required_settings.map(nameAgentField),
  }));
}
