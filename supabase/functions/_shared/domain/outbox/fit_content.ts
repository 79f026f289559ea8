import type { Choice, OutboundContent } from "./outbound_content.ts";

/** WhatsApp's limits, in characters and rows (Cloud API, messages). */
const TEXT = 4096;
const INTERACTIVE_TEXT = 1024;
const FOOTER = 60;
const BUTTON_TITLE = 20;
const ROW_TITLE = 24;
const ROW_DESCRIPTION = 72;
const ID = 200;
export const MOST_BUTTONS = 3;
export const MOST_ROWS = 10;

/** A text of at most `length` characters, the last one "…" where something was cut off. */
export function clip(text: string, length: number): string {
  const whole = text.trim().toWellFormed();
  return whole.length <= length
    ? whole
    : `${whole.slice(0, length - 1).trimEnd()}…`.replace(/[\uD800-\uDBFF]…$/, "…");
}

/**
 * What is sent, within WhatsApp's limits: what people wrote comes back in titles and texts, and one
 * that is too long would refuse the whole message. Choices without any left become a text.
 */
export function fitContent(message: OutboundContent): OutboundContent {
  switch (message.type) {
    case "text":
      return {
        ...message,
        content: { ...message.content, text: clip(message.content.text, TEXT) },
      };
    case "location_request":
      return { ...message, content: { text: clip(message.content.text, INTERACTIVE_TEXT) } };
    case "buttons": {
      const { text, footer, buttons } = message.content;
      const fitted = makeUnique(
        buttons.slice(0, MOST_BUTTONS).map((button) => fitChoice(button, BUTTON_TITLE)),
      );
      if (fitted.length === 0) return { type: "text", content: { text: clip(text, TEXT) } };
      return {
        type: "buttons",
        content: {
          text: clip(text, INTERACTIVE_TEXT),
          ...(footer === undefined ? {} : { footer: clip(footer, FOOTER) }),
          buttons: fitted.map(({ id, title }) => ({ id, title })),
        },
      };
    }
    case "list": {
      let left = MOST_ROWS;
      const sections = message.content.sections.flatMap(({ title, rows }) => {
        const taken = rows.slice(0, left).map((row) => fitChoice(row, ROW_TITLE));
        left -= taken.length;
        return taken.length === 0 ? [] : [{
          ...(title === undefined ? {} : { title: clip(title, ROW_TITLE) }),
          rows: taken,
        }];
      });
      if (sections.length === 0) {
        return { type: "text", content: { text: clip(message.content.text, TEXT) } };
      }
      const { header, footer } = message.content;
      return {
        type: "list",
        content: {
          ...(header === undefined ? {} : { header: clip(header, FOOTER) }),
          text: clip(message.content.text, INTERACTIVE_TEXT),
          ...(footer === undefined ? {} : { footer: clip(footer, FOOTER) }),
          button: clip(message.content.button, BUTTON_TITLE),
          sections,
        },
      };
    }
    default:
      return message;
  }
}

function fitChoice({ id, title, description }: Choice, longestTitle: number): Choice {
  const shown = description === undefined ? "" : clip(description, ROW_DESCRIPTION);
  return {
    id: id.slice(0, ID),
    // An empty title is refused.
    title: clip(title, longestTitle) || "…",
    ...(shown === "" ? {} : { description: shown }),
  };
}

/** Two buttons of one title are refused. */
function makeUnique(choices: Choice[]): Choice[] {
  const seen = new Set<string>();
  return choices.map((choice, place) => {
    const title = seen.has(choice.title)
      ? `${clip(choice.title, BUTTON_TITLE - 3)} ${place + 1}`
      : choice.title;
    seen.add(title);
    return { ...choice, title };
  });
}
