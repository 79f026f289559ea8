import { findQuestion } from "../session/find_question.ts";
import { writeKnowledgeAnswer } from "../session/write_knowledge_answer.ts";
import { isOffered } from "../tools/call_tool.ts";
import { type Deciding, describeTools } from "./run_task.ts";
import { isAvailable, sayText, type Scene } from "./scene.ts";

/** What the organization's documents say to a question; whether they say anything. */
export function* answerFromDocuments(scene: Scene): Deciding<boolean> {
  const { input, language } = scene;
  if (input.settings.has_knowledge !== true || !isAvailable(scene, "support")) return false;
  if (!isOffered("search_knowledge_base", describeTools(scene))) return false;
  const question = findQuestion(scene.heard);
  if (question === null) return false;
  const answered = yield { kind: "reads", reads: [{ kind: "knowledge", query: question }] };
  const [read] = answered.kind === "reads" ? answered.results : [];
  const found = read?.kind === "knowledge" ? read.answer : null;
  const known = found === null ? null : writeKnowledgeAnswer({ question, found, language });
  if (known === null) return false;
  scene.agent = "support";
  scene.recognised = { intent: "knowledge", intent_confidence: null, intent_method: "lexicon" };
  scene.tools.push({ name: "search_knowledge_base" });
  scene.details = { document_id: known.hit.document_id, mode: found?.mode ?? null };
  sayText(scene, known.text);
  return true;
}
