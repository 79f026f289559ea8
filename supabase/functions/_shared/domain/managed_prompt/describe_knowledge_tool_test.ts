import assert from "node:assert/strict";
import { describeKnowledgeTool } from "./describe_knowledge_tool.ts";

Deno.test("the tool is named in the agent's language where there are words for it", () => {
  for (const language of ["en", "en-GB", "sw", "fra"]) {
    assert.match(describeKnowledgeTool("search_clinic", language), /^You can .*"search_clinic"/);
  }
  for (const language of ["fr", "fr-CA", "FR"]) {
    assert.match(
      describeKnowledgeTool("search_clinic", language),
      /^Vous avez .*« search_clinic »/,
    );
  }
});
