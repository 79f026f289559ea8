import { findAgent } from "../agents/registry.ts";
import { narrowAgent } from "../agents/narrow_agent.ts";
import type { OutboundContent } from "../outbox/outbound_content.ts";
import { FLAGGED_AGENTS } from "../rollout/parse_flags.ts";

/**
 * A reply without the rows and buttons that lead to a task which the organization has not enabled; a
 * text where none is left.
 */
export function keepOffered(reply: OutboundContent, enabled: readonly string[]): OutboundContent {
  if (enabled.length === 0) return reply;
  const isOffered = ({ id }: { id: string }) => {
    const [kind, name, flow = ""] = id.split(":");
    const agent = FLAGGED_AGENTS.find((known) => known === name);
    const definition = kind === "do" && agent !== undefined ? findAgent(agent) : null;
    return definition === null || definition.flows[flow] === undefined ||
      narrowAgent(definition, enabled).flows[flow] !== undefined;
  };
  if (reply.type === "buttons") {
    const { buttons, ...content } = reply.content;
    const left = buttons.filter(isOffered);
    return left.length > 0
      ? { ...reply, content: { ...content, buttons: left } }
      : { type: "text", content: { text: content.text } };
  }
  if (reply.type !== "list") return reply;
  const sections = reply.content.sections
    .map((section) => ({ ...section, rows: section.rows.filter(isOffered) }))
    .filter(({ rows }) => rows.length > 0);
  return sections.length > 0
    ? { ...reply, content: { ...reply.content, sections } }
    : { type: "text", content: { text: reply.content.text } };
}
