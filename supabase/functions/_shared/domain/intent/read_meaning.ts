import type { JsonObject } from "../../ports.ts";
import type { InboundType } from "../../ports_messaging.ts";
import { FLAGGED_AGENTS, type FlaggedAgent } from "../rollout/parse_flags.ts";

/** What one message is to an agent, whatever its type. */
export type MessageMeaning =
  | { kind: "words"; text: string }
  /** A row or button of ours that names an agent, or a cart, which is the waiter's. */
  | { kind: "agent"; agent: FlaggedAgent }
  | { kind: "place"; latitude: number; longitude: number; name: string | null }
  /** What nobody can read or hear yet: it is answered honestly. */
  | { kind: "unread"; what: "voice" | "picture" | "file" }
  /** A reaction, a sticker, what WhatsApp can't show: nothing is asked. */
  | { kind: "nothing" };

type Message = { type: InboundType; content: JsonObject };

/** What a list's row and a button say when they are chosen, `agent:<name>`. */
const AGENT_CHOICE = /^agent:([a-z_]+)$/;

export function readMeaning({ type, content }: Message): MessageMeaning {
  switch (type) {
    case "order":
      return { kind: "agent", agent: "waiter" };
    case "interactive":
      return readChoice(content["id"], content["title"]);
    case "button":
      return readChoice(content["payload"], content["text"]);
    case "location":
      return readPlace(content);
    case "audio":
      return { kind: "unread", what: "voice" };
    case "image":
    case "video":
      return readCaption(content, "picture");
    case "document":
      return readCaption(content, "file");
    case "text":
      return words(content["text"]);
    default:
      return { kind: "nothing" };
  }
}

function readChoice(id: unknown, title: unknown): MessageMeaning {
  const name = typeof id === "string" ? AGENT_CHOICE.exec(id)?.[1] : undefined;
  const agent = FLAGGED_AGENTS.find((known) => known === name);
  return agent === undefined ? words(title) : { kind: "agent", agent };
}

function readPlace({ latitude, longitude, name }: JsonObject): MessageMeaning {
  if (typeof latitude !== "number" || typeof longitude !== "number") return { kind: "nothing" };
  return { kind: "place", latitude, longitude, name: typeof name === "string" ? name : null };
}

function readCaption(content: JsonObject, what: "picture" | "file"): MessageMeaning {
  const caption = words(content["caption"]);
  return caption.kind === "words" ? caption : { kind: "unread", what };
}

function words(text: unknown): MessageMeaning {
  return typeof text === "string" && text.trim() !== ""
    ? { kind: "words", text }
    : { kind: "nothing" };
}
