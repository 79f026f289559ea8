import { findSubject, nameSubject, readsOfSubject } from "../domain/conversation/name_subject.ts";
import { showCall } from "../domain/conversation/show_call.ts";
import { prepareCall } from "../domain/tools/call_tool.ts";
import type { ToolContext } from "../domain/tools/tool.ts";
import type { Language } from "../domain/session/service_menu.ts";
import type { ModelToolCall } from "../ports_model.ts";
import type { ToolRun } from "./converse_with_model.ts";
import { readForTools, type ReadPorts } from "./read_for_tools.ts";

type Input = {
  org_id: string;
  /** Whose conversation it is. No argument of a model's can name somebody else. */
  contact_id: string;
  context: ToolContext;
  language: Language;
  /** The agent's tools: another one is not run, whatever the registry has. */
  allowed: readonly string[];
  signal: AbortSignal;
};

/**
 * One call that a model makes in a chat: what reads is answered, what would write becomes a question
 * and changes nothing. A call that can't be understood is an answer to the model and never an
 * exception.
 * @throws AppError of the store
 */
export async function runModelTool(
  ports: ReadPorts,
  { org_id, contact_id, context, language, allowed, signal }: Input,
  call: ModelToolCall,
): Promise<ToolRun> {
  const answer = (output: unknown): ToolRun => ({ kind: "result", output: JSON.stringify(output) });
  if (!allowed.includes(call.name)) return answer({ error: `There is no tool "${call.name}".` });
  const prepared = prepareCall(call, context);
  if (!prepared.ok) return answer({ error: prepared.error });
  const read = (reads: typeof prepared.reads) =>
    readForTools(ports, { org_id, contact_id, reads, signal });
  if (prepared.confirm !== null) {
    const { input, guard } = prepared;
    const refused = guard?.refuse(await read(guard.reads)) ?? null;
    if (refused !== null) return answer(refused);
    const subject = findSubject(input);
    let title: string | null = null;
    if (subject !== null) {
      const results = await read(readsOfSubject(subject, context));
      title = nameSubject(subject, results, { context, language });
      // A model that makes an id up must not make a person say yes to it.
      if (title === null) {
        return answer({ error: `There is no such ${subject.kind}. Search or list first.` });
      }
    }
    const question = showCall(prepared.confirm(language), { input, title, language });
    return { kind: "confirm", question, arguments: input };
  }
  const { output, effects } = prepared.finish(await read(prepared.reads));
  // A tool that writes and has no question to ask is not a model's to use in a chat.
  if (effects.length > 0) return answer({ error: "That is not possible here." });
  return answer(output);
}
