import type { Json } from "../../ports.ts";
import { endOfQuietHours } from "./end_of_quiet_hours.ts";
import type { OutboundContent } from "./outbound_content.ts";

/** WhatsApp lets us write freely for a day after the person's last message. */
export const WINDOW_MILLISECONDS = 24 * 60 * 60 * 1000;
export const WINDOW_CLOSED_CODE = 131047;

export type SendPlan =
  | { kind: "send"; message: OutboundContent; replaced: boolean }
  /** Not before this moment, milliseconds since 1970. */
  | { kind: "hold"; until: number; reason: string }
  | { kind: "cancel"; reason: string }
  | { kind: "fail"; code: number | null; reason: string };

/**
 * What to do with a message before it is given to WhatsApp. Opt-outs and quiet hours concern what we
 * start; a reply is always allowed, since the person has just written.
 */
export function planSend(
  message: { kind: "reply" | "initiated" } & OutboundContent,
  { recipient, settings, now }: {
    recipient: {
      phone: string | null;
      bsuid: string | null;
      opted_out: boolean;
      last_inbound_at: string | null;
    };
    settings: {
      quiet_hours: unknown;
      time_zone: string;
      language: string;
      template_names: { [use: string]: Json };
    };
    /** milliseconds since 1970 */
    now: number;
  },
): SendPlan {
  if (recipient.phone === null && recipient.bsuid === null) {
    return {
      kind: "fail",
      code: null,
      reason: "the contact has neither a phone number nor a BSUID",
    };
  }
  if (message.kind === "initiated") {
    if (recipient.opted_out) return { kind: "cancel", reason: "the person has opted out" };
    const until = endOfQuietHours(settings.quiet_hours, { timeZone: settings.time_zone, now });
    if (until !== null) return { kind: "hold", until, reason: "quiet hours" };
  }
  const isOpen = recipient.last_inbound_at !== null &&
    Date.parse(recipient.last_inbound_at) + WINDOW_MILLISECONDS > now;
  if (isOpen || message.type === "template") return { kind: "send", message, replaced: false };
  return replaceByTemplate(settings);
}

/**
 * `template_names.window_closed` names what may be sent once the 24 hours are over: a template's
 * name, or `{name, language}`.
 */
export function replaceByTemplate(
  settings: { language: string; template_names: { [use: string]: Json } },
): SendPlan {
  const configured = settings.template_names["window_closed"];
  const { name, language } = typeof configured === "object" && configured !== null &&
      !Array.isArray(configured)
    ? configured
    : { name: configured, language: undefined };
  if (typeof name !== "string" || name === "") {
    return {
      kind: "fail",
      code: WINDOW_CLOSED_CODE,
      reason: "24 hours have passed since the person's last message, and no template is configured",
    };
  }
  const content = { name, language: typeof language === "string" ? language : settings.language };
  return { kind: "send", message: { type: "template", content }, replaced: true };
}
