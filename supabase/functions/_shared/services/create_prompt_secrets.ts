import { randomBytes } from "node:crypto";
import type { PromptSecrets } from "../domain/conversation/write_prompt.ts";

/** New for every request, so that what is learnt of one is of no use in the next. */
export function createPromptSecrets(): PromptSecrets {
  return {
    fence: randomBytes(12).toString("hex"),
    canary: `amber${randomBytes(6).toString("hex")}`,
  };
}
