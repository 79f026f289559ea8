import type { JsonObject } from "../../ports.ts";
import type { WaitingMessage } from "../../ports_messaging.ts";

/** What all messages of one turn say together: people write a wish in pieces. */
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
  unread: "voice" | "picture" | "file" | "cart" | "unreadable" | "reaction" | null;
};

/** The yes to what was read back, or to what a model proposes. */
const CONFIRMS = /^answer:[^:]*\.(?:confirm|proposal)-[^:]*:yes$/;

export function readSaid(messages: readonly WaitingMessage[]): Said {
  const texts: string[] = [];
  let said: Omit<Said, "text" | "texts"> = {
    choice: null,
    title: null,
    location: null,
    unread: null,
  };
  for (const { type, content } of messages) {
    const text = readString(content, "text") ?? readString(content, "caption");
    switch (type) {
      case "text":
        if (text !== null) {
          texts.push(text);
          said = { ...said, choice: null, title: null };
        }
        break;
      case "interactive":
      case "button": {
        const id = readString(content, "id") ?? readString(content, "payload");
        const title = readString(content, "title") ?? text;
        if (id !== null) said = { ...said, choice: id, title };
        else if (title !== null) texts.push(title);
        break;
      }
      case "location": {
        const { latitude, longitude } = content;
        if (typeof latitude === "number" && typeof longitude === "number") {
          said.location = { latitude, longitude, name: readString(content, "name") };
        }
        break;
      }
      case "edit": {
        const edited = content["message"];
        const corrected = typeof edited === "object" && edited !== null && !Array.isArray(edited)
          ? readString(edited, "text")
          : null;
        if (corrected !== null) texts.push(corrected);
        break;
      }
      case "audio":
        said.unread = "voice";
        break;
      case "image":
      case "video":
      case "document":
        if (text !== null) texts.push(text);
        said.unread = type === "document" ? "file" : "picture";
        break;
      case "order":
        if (text !== null) texts.push(text);
        said.unread = "cart";
        break;
      case "unsupported":
      case "contacts":
        said.unread = "unreadable";
        break;
      case "reaction":
        // One without an emoji was taken back.
        if (readString(content, "emoji") !== null) said.unread ??= "reaction";
        break;
      default:
        // A sticker or a notice says nothing that could be answered.
        break;
    }
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

function readString(content: JsonObject, name: string): string | null {
  const value = content[name];
  return typeof value === "string" && value.trim() !== "" ? value : null;
}
