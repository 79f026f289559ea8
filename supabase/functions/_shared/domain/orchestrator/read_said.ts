import type { JsonObject } from "../../ports.ts";
import type { WaitingMessage } from "../../ports_messaging.ts";

/** What messages say together: people write a wish in pieces. */
export type Said = {
  /** Written, captioned, or the title of what was chosen; one message a line. */
  text: string;
  /** The same, message by message: a word that resets is a whole one, never a line of a longer one. */
  texts: readonly string[];
  /**
   * The id of the last row or button that was chosen, unless something was written after it; a yes that
   * does something, unless anything was written at all.
   */
  choice: string | null;
  /** The chosen row's or button's own words. */
  title: string | null;
  location: { latitude: number; longitude: number; name: string | null } | null;
  /** What can't be read, where nothing else was said. */
  unread: Unread | "reaction" | null;
};
export type Unread = "voice" | "picture" | "file" | "cart" | "unreadable";

/** The yes to what was read back, or to what a model proposes. */
const CONFIRMS = /^answer:[^:]*\.(?:confirm|proposal)-[^:]*:yes$/;

const UNREAD: { [type in WaitingMessage["type"]]?: Unread } = {
  audio: "voice",
  image: "picture",
  video: "picture",
  document: "file",
  order: "cart",
  unsupported: "unreadable",
  contacts: "unreadable",
};

export function readSaid(messages: readonly WaitingMessage[]): Said {
  const texts: string[] = [];
  let said: Omit<Said, "text" | "texts"> = {
    choice: null,
    title: null,
    location: null,
    unread: null,
  };
  for (const message of messages) {
    const { type, content } = message;
    const text = readWritten(message);
    const choice = readChoice(message);
    if (text !== null) texts.push(text);
    if (type === "text" && text !== null) said = { ...said, choice: null, title: null };
    if (choice !== null) said = { ...said, choice, title: readTitle(content) };
    if (type === "location") said = { ...said, location: readLocation(content) ?? said.location };
    // A sticker or a notice says nothing that could be answered, nor does a reaction that is taken back.
    if (type === "reaction" && readString(content, "emoji") !== null) said.unread ??= "reaction";
    said.unread = UNREAD[type] ?? said.unread;
  }
  // Whoever writes beside a yes says more than that what was read back is right.
  if (texts.length > 0 && said.choice !== null && CONFIRMS.test(said.choice)) {
    said = { ...said, choice: null, title: null };
  }
  const text = said.choice === null ? texts.join("\n") : "";
  const isSilent = text === "" && said.choice === null && said.location === null;
  return {
    ...said,
    text,
    texts: said.choice === null ? texts : [],
    unread: isSilent ? said.unread : null,
  };
}

/** What can't be read of the messages, each kind once; a reaction says nothing beside other words. */
export function listUnread(messages: readonly WaitingMessage[]): Unread[] {
  return [...new Set(messages.flatMap(({ type }) => UNREAD[type] ?? []))];
}

/** A row or button was chosen. */
export function isTap(message: WaitingMessage): boolean {
  return readChoice(message) !== null;
}

/** The yes to what was read back, or to what a model proposes. */
export function isConfirming(message: WaitingMessage): boolean {
  return CONFIRMS.test(readChoice(message) ?? "");
}

export function isWritten(message: WaitingMessage): boolean {
  return readWritten(message) !== null;
}

function readWritten({ type, content }: WaitingMessage): string | null {
  const text = readString(content, "text") ?? readString(content, "caption");
  switch (type) {
    case "text":
    case "image":
    case "video":
    case "document":
    case "order":
      return text;
    case "interactive":
    case "button":
      // What has an id is chosen, not written.
      return readId(content) === null ? readTitle(content) : null;
    case "edit": {
      const edited = content["message"];
      return typeof edited === "object" && edited !== null && !Array.isArray(edited)
        ? readString(edited, "text")
        : null;
    }
    default:
      return null;
  }
}

function readChoice({ type, content }: WaitingMessage): string | null {
  return type === "interactive" || type === "button" ? readId(content) : null;
}

function readId(content: JsonObject): string | null {
  return readString(content, "id") ?? readString(content, "payload");
}

function readTitle(content: JsonObject): string | null {
  return readString(content, "title") ?? readString(content, "text") ??
    readString(content, "caption");
}

function readLocation(content: JsonObject): Said["location"] {
  const { latitude, longitude } = content;
  return typeof latitude === "number" && typeof longitude === "number"
    ? { latitude, longitude, name: readString(content, "name") }
    : null;
}

function readString(content: JsonObject, name: string): string | null {
  const value = content[name];
  return typeof value === "string" && value.trim() !== "" ? value : null;
}
