import { AppError } from "../errors.ts";
import type { AgentRole } from "../ports.ts";
import type { AgentStore, IfMatch } from "../ports_voice_agents.ts";
import { nameAgentField } from "./name_agent_field.ts";
import type { RebindPorts } from "./rebind_number.ts";
import { type ChangeAnswer, describeMismatch, syncChangedAgents } from "./sync_changed_agents.ts";

export type ApplyTemplateAnswer = ChangeAnswer & {
  template: { id: string; key: string; language: string };
};

const ACTION = "apply the template";

/**
 * Makes the agent of a role what a template says, as a new revision of it, and pushes it. Without a
 * role the template's own is meant, without a language the organization's.
 * @throws AppError `invalid_input` for a template that doesn't exist, `conflict` naming settings
 *   that it needs, and what `syncChangedAgents` throws
 */
export async function applyTemplate(
  ports: RebindPorts & { behavior: AgentStore },
  { orgId, userId, requestId, templateKey, role, language, ifMatch }: {
    orgId: string;
    userId: string;
    requestId: string;
    templateKey: string;
    role: AgentRole | null;
    language: string | null;
    ifMatch: IfMatch;
  },
): Promise<ApplyTemplateAnswer> {
  const stored = await ports.behavior.applyAgentTemplate({
    org_id: orgId,
    user_id: userId,
    request_id: requestId,
    role: role ?? await findRole(ports.behavior, templateKey),
    template_key: templateKey,
    language,
    if_match: ifMatch,
  });
  switch (stored.code) {
    case "template_not_found":
      throw describeUnknown(templateKey, stored.available);
    case "settings_missing": {
      const missing = stored.missing.map(nameAgentField);
      throw new AppError(
        "conflict",
        `Cannot ${ACTION} "${templateKey}": fill in the organization's ${missing.join(", ")} first`,
        {
          errors: missing.map((field) => ({ field, detail: "is not filled in" })),
          extensions: { missing },
        },
      );
    }
    case "revision_mismatch":
      throw describeMismatch(stored, ACTION);
    case "updated": {
      const answer = await syncChangedAgents(ports, stored, { orgId, requestId, action: ACTION });
      return { ...answer, template: stored.template };
    }
  }
}

async function findRole(
  behavior: Pick<AgentStore, "listAgentTemplates">,
  key: string,
): Promise<AgentRole> {
  const templates = await behavior.listAgentTemplates({ language: null });
  const roles = new Set(
    templates.filter((template) => template.key === key).map(({ role }) => role),
  );
  const [role] = roles;
  if (role === undefined) throw describeUnknown(key, templates);
  if (roles.size === 1) return role;
  const detail = `is required: "${key}" is there for ${[...roles].join(" and ")}`;
  throw new AppError("invalid_input", `Cannot ${ACTION} "${key}": role ${detail}`, {
    errors: [{ field: "role", detail }],
  });
}

function describeUnknown(
  key: string,
  available: { role: AgentRole; key: string; language: string }[],
): AppError {
  const names = [
    ...new Set(available.map((one) => `${one.key} (${one.role}, ${one.language})`)),
  ];
  const detail = `is not a template of that role and language; there are ${names.join(", ")}`;
  return new AppError("invalid_input", `Cannot ${ACTION} "${key}": there is no such template`, {
    errors: [{ field: "templateKey", detail }],
  });
}
