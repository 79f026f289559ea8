import type { CallMessages } from "../../ports_calls.ts";
import { normaliseMessage } from "./normalise_message.ts";
import { copyJson } from "./read_fields.ts";
import { renderAnswer } from "./render_answer.ts";

/** Longest body that is kept beside a failure, as text. */
const COPY_LENGTH = 2_000_000;

/** Vapi's server messages, read and answered. */
export function createCallMessages(): CallMessages {
  return {
    normalise: normaliseMessage,
    copy: (body) => copyJson(body, COPY_LENGTH),
    render: renderAnswer,
  };
}
