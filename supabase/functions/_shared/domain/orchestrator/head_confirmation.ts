import type { JsonObject } from "../../ports.ts";
import { findSubject, nameSubject, readsOfSubject } from "../conversation/name_subject.ts";
import type { OutboundContent } from "../outbox/outbound_content.ts";
import type { ToolContext } from "../tools/tool.ts";
import type { Deciding } from "./run_task.ts";

/**
 * A question to confirm, below the name of the listing, application or booking that it is about: an id
 * tells a person nothing. What can't be found is asked about as it is; the database refuses it.
 */
export function* headConfirmation(
  reply: OutboundContent,
  data: JsonObject,
  context: ToolContext,
): Deciding<OutboundContent> {
  const subject = findSubject(data);
  if (subject === null || reply.type !== "buttons") return reply;
  const answered = yield { kind: "reads", reads: readsOfSubject(subject, context) };
  const results = answered.kind === "reads" ? answered.results : [];
  const title = nameSubject(subject, results, { context, language: context.language ?? "en" });
  if (title === null) return reply;
  // Where nothing else is read back, what is left of that is empty lines.
  const text = `*${title}*\n${reply.content.text.replace(/^\n+/, "\n")}`;
  return { ...reply, content: { ...reply.content, text } };
}
