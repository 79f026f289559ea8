import * as z from "zod";

// Limits of Meta's Cloud API reference for POST /{phone-number-id}/messages.
const text = z.strictObject({
  body: z.string().min(1).max(4096),
  preview_url: z.boolean().optional(),
});
const link = z.url({ protocol: /^https?$/ });
const byIdOrLink = { id: z.string().optional(), link: link.optional() };
const oneSource = (media: { id?: string | undefined; link?: string | undefined }) =>
  (media.id === undefined) !== (media.link === undefined);
const source = { error: "exactly one of id and link is needed" };
const caption = z.string().max(1024).optional();
const image = z.strictObject({ ...byIdOrLink, caption }).refine(oneSource, source);
const video = image;
const audio = z.strictObject({ ...byIdOrLink, voice: z.boolean().optional() })
  .refine(oneSource, source);
const sticker = z.strictObject(byIdOrLink).refine(oneSource, source);
const document = z.strictObject({ ...byIdOrLink, caption, filename: z.string().optional() })
  .refine(oneSource, source);

const location = z.strictObject({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  name: z.string().optional(),
  address: z.string().optional(),
});
const reaction = z.strictObject({
  message_id: z.string().startsWith("wamid."),
  emoji: z.string(),
});

const header = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text"), text: z.string().min(1).max(60) }),
  z.strictObject({ type: z.literal("image"), image }),
  z.strictObject({ type: z.literal("video"), video }),
  z.strictObject({ type: z.literal("document"), document }),
]);
const around = {
  header: header.optional(),
  body: z.strictObject({ text: z.string().min(1).max(1024) }),
  footer: z.strictObject({ text: z.string().min(1).max(60) }).optional(),
};
const areUnique = (values: string[]) => new Set(values).size === values.length;

const buttons = z.array(z.strictObject({
  type: z.literal("reply"),
  reply: z.strictObject({ id: z.string().min(1).max(256), title: z.string().min(1).max(20) }),
})).min(1).max(3)
  .refine((all) => areUnique(all.map((button) => button.reply.id)), {
    error: "duplicate button id",
  })
  .refine((all) => areUnique(all.map((button) => button.reply.title)), {
    error: "duplicate button title",
  });

const row = z.strictObject({
  id: z.string().min(1).max(200),
  title: z.string().min(1).max(24),
  description: z.string().max(72).optional(),
});
const sections = z.array(z.strictObject({
  title: z.string().min(1).max(24).optional(),
  rows: z.array(row).min(1),
})).min(1).max(10)
  .refine((all) => all.flatMap((section) => section.rows).length <= 10, {
    error: "at most 10 rows over all sections",
  })
  .refine((all) => areUnique(all.flatMap((section) => section.rows.map((one) => one.id))), {
    error: "duplicate row id",
  })
  .refine((all) => all.length === 1 || all.every((section) => section.title !== undefined), {
    error: "a title is required when there are several sections",
  });

const interactive = z.discriminatedUnion("type", [
  z.strictObject({ ...around, type: z.literal("button"), action: z.strictObject({ buttons }) }),
  z.strictObject({
    ...around,
    type: z.literal("list"),
    header: z.strictObject({ type: z.literal("text"), text: z.string().min(1).max(60) }).optional(),
    body: z.strictObject({ text: z.string().min(1).max(4096) }),
    action: z.strictObject({ button: z.string().min(1).max(20), sections }),
  }),
  z.strictObject({
    type: z.literal("location_request_message"),
    body: around.body,
    action: z.strictObject({ name: z.literal("send_location") }),
  }),
  z.strictObject({
    ...around,
    type: z.literal("cta_url"),
    action: z.strictObject({
      name: z.literal("cta_url"),
      parameters: z.strictObject({ display_text: z.string().min(1).max(20), url: link }),
    }),
  }),
  z.strictObject({
    ...around,
    type: z.literal("flow"),
    action: z.strictObject({
      name: z.literal("flow"),
      parameters: z.record(z.string(), z.unknown()),
    }),
  }),
]);

const template = z.strictObject({
  name: z.string().regex(/^[a-z0-9_]{1,512}$/),
  language: z.strictObject({
    code: z.string().regex(/^[a-z]{2,3}(_[A-Z]{2})?$/),
    policy: z.literal("deterministic").optional(),
  }),
  components: z.array(z.strictObject({
    type: z.enum(["header", "body", "button"]),
    sub_type: z.string().optional(),
    index: z.union([z.string(), z.int()]).optional(),
    parameters: z.array(z.looseObject({ type: z.string() })).optional(),
  })).optional(),
});

const envelope = {
  messaging_product: z.literal("whatsapp"),
  recipient_type: z.literal("individual").optional(),
  to: z.string().regex(/^\+?[1-9]\d{6,14}$/, { error: "is not a valid phone number" }).optional(),
  recipient: z.string().regex(/^[A-Z]{2}\.[A-Za-z0-9]{1,128}$/, {
    error: "is not a business-scoped user id",
  }).optional(),
  context: z.strictObject({ message_id: z.string().startsWith("wamid.") }).optional(),
  biz_opaque_callback_data: z.string().max(512).optional(),
};

const contents = {
  text,
  image,
  video,
  audio,
  document,
  sticker,
  location,
  reaction,
  interactive,
  template,
  contacts: z.array(z.looseObject({ name: z.looseObject({ formatted_name: z.string() }) })).min(1),
};

/** The kinds of message that may be sent; the content sits under the name of its type. */
export const MESSAGE_TYPES = Object.keys(contents);

/** The schema of one kind of message, or null when there is no such kind. */
export function messageSchema(type: string): z.ZodType | null {
  const content = Object.entries(contents).find(([name]) => name === type)?.[1];
  if (content === undefined) return null;
  const kind = type === "text" ? z.literal("text").optional() : z.literal(type);
  return z.strictObject({ ...envelope, type: kind, [type]: content })
    .refine((message) => (message.to === undefined) !== (message.recipient === undefined), {
      path: ["to"],
      error: "exactly one of to and recipient is needed",
    });
}

/** Marks an inbound message read and, if wished, shows that an answer is being typed. */
export const readReceipt = z.strictObject({
  messaging_product: z.literal("whatsapp"),
  status: z.literal("read"),
  message_id: z.string().startsWith("wamid."),
  typing_indicator: z.strictObject({ type: z.literal("text") }).optional(),
});
