import { createHash } from "node:crypto";
import * as z from "zod";
import type { GraphAccount, Media } from "./store.ts";

const planting = z.strictObject({
  account: z.string(),
  id: z.string().regex(/^\d+$/).optional(),
  mime_type: z.string(),
  content_base64: z.base64(),
  expires_in_seconds: z.number().default(300),
  url: z.string().optional(),
});

/** Plants a file as though a user had sent it; `url` overrides where its content is said to be. */
export function plantMedia(
  body: unknown,
  accountOf: (name: string) => GraphAccount | undefined,
): Media | null {
  const { account: name, expires_in_seconds, id, url, ...content } = planting.parse(body);
  const account = accountOf(name);
  if (account === undefined) return null;
  const media: Media = {
    ...content,
    id: id ?? String(crypto.getRandomValues(new BigUint64Array(1))[0]).slice(0, 15),
    expires_at: Date.now() + expires_in_seconds * 1000,
    url: url ?? null,
  };
  account.media[media.id] = media;
  return media;
}

/** The answer to `GET /{version}/{media_id}`. */
export function mediaNode(media: Media, origin: string) {
  const bytes = mediaBytes(media);
  return {
    messaging_product: "whatsapp",
    url: media.url ?? `${origin}/whatsapp_business/attachments/?mid=${media.id}`,
    mime_type: media.mime_type,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    file_size: bytes.byteLength,
    id: media.id,
  };
}

export function mediaBytes(media: Media): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(media.content_base64), (character) => character.charCodeAt(0));
}
