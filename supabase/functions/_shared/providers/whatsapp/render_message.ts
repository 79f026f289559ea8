import type { Choice, OutboundContent } from "../../domain/outbox/outbound_content.ts";
import type { JsonObject } from "../../ports.ts";

export type Addressed = {
  to: { phone: string | null; bsuid: string | null };
  rowId: string;
  replyToWamid: string | null;
} & OutboundContent;

/**
 * The Cloud API's body of a message. Texts that are longer than WhatsApp takes are cut: a message
 * that arrives shortened is better than one that is refused.
 * https://developers.facebook.com/documentation/business-messaging/whatsapp/reference/whatsapp-business-phone-number/message-api
 */
export function renderMessage(message: Addressed): JsonObject {
  const { to, rowId, replyToWamid } = message;
  return {
    messaging_product: "whatsapp",
    recipient_type: "individual",
    ...(to.phone !== null ? { to: to.phone } : { recipient: to.bsuid }),
    ...(replyToWamid === null ? {} : { context: { message_id: replyToWamid } }),
    biz_opaque_callback_data: rowId,
    ...renderContent(message),
  };
}

function renderContent(message: OutboundContent): JsonObject {
  switch (message.type) {
    case "text": {
      const { text, preview_url } = message.content;
      const body = cut(text, 4096);
      return {
        type: "text",
        text: preview_url === undefined ? { body } : { body, preview_url },
      };
    }
    case "buttons": {
      const { text, footer, buttons } = message.content;
      return renderInteractive("button", { text: cut(text, 1024), footer }, {
        buttons: buttons.slice(0, 3).map(({ id, title }) => ({
          type: "reply",
          reply: { id: id.slice(0, 256), title: cut(title, 20) },
        })),
      });
    }
    case "list": {
      const { header, text, footer, button, sections } = message.content;
      return renderInteractive("list", {
        header,
        text: cut(text, 1024),
        footer,
      }, {
        button: cut(button, 20),
        sections: limitRows(sections).map(({ title, rows }) => ({
          ...(title === undefined ? {} : { title: cut(title, 24) }),
          rows: rows.map(renderRow),
        })),
      });
    }
    case "location_request": {
      const text = cut(message.content.text, 1024);
      return renderInteractive("location_request_message", { text }, {
        name: "send_location",
      });
    }
    case "template": {
      const { name, language, parameters = [] } = message.content;
      const body = {
        type: "body",
        parameters: parameters.map((text) => ({ type: "text", text })),
      };
      return {
        type: "template",
        template: {
          name,
          language: { code: language.replace("-", "_") },
          ...(parameters.length === 0 ? {} : { components: [body] }),
        },
      };
    }
  }
}

function renderInteractive(
  type: string,
  { header, text, footer }: {
    header?: string | undefined;
    text: string;
    footer?: string | undefined;
  },
  action: JsonObject,
): JsonObject {
  return {
    type: "interactive",
    interactive: {
      type,
      ...(header === undefined ? {} : { header: { type: "text", text: cut(header, 60) } }),
      body: { text },
      ...(footer === undefined ? {} : { footer: { text: cut(footer, 60) } }),
      action,
    },
  };
}

function renderRow({ id, title, description }: Choice): JsonObject {
  const row = { id: id.slice(0, 200), title: cut(title, 24) };
  return description === undefined ? row : { ...row, description: cut(description, 72) };
}

/** At most ten rows over all sections; a section without any is left out. */
function limitRows<Section extends { rows: Choice[] }>(
  sections: Section[],
): Section[] {
  let left = 10;
  return sections.map((section) => {
    const rows = section.rows.slice(0, left);
    left -= rows.length;
    return { ...section, rows };
  }).filter(({ rows }) => rows.length > 0);
}

/** Never in the middle of a character. */
function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
