/** Messages that leave, in our words. The limits are WhatsApp's and are kept by whoever makes them. */

export type Choice = {
  /** At most 200 characters; comes back when it is chosen. */
  id: string;
  /** At most 24 characters in a list, 20 on a button. */
  title: string;
  /** At most 72 characters; lists only. */
  description?: string;
};

export type TextContent = { text: string; preview_url?: boolean };
/** One to three buttons. */
export type ButtonsContent = { text: string; footer?: string; buttons: Choice[] };
/** At most ten rows over all sections; titles where there are several. */
export type ListContent = {
  header?: string;
  text: string;
  footer?: string;
  /** What opens the list, at most 20 characters. */
  button: string;
  sections: { title?: string; rows: Choice[] }[];
};
export type LocationRequestContent = { text: string };
/** A template that Meta approved; parameters fill its body in order. */
export type TemplateContent = { name: string; language: string; parameters?: string[] };

export type OutboundContent =
  | { type: "text"; content: TextContent }
  | { type: "buttons"; content: ButtonsContent }
  | { type: "list"; content: ListContent }
  | { type: "location_request"; content: LocationRequestContent }
  | { type: "template"; content: TemplateContent };
export type OutboundType = OutboundContent["type"];
export const OUTBOUND_TYPES = [
  "text",
  "buttons",
  "list",
  "location_request",
  "template",
] as const satisfies OutboundType[];
