import { createHmac } from "node:crypto";
import type { SignDelivery } from "../../ports_legacy.ts";

/** https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads */
export const signDelivery: SignDelivery = (body, { secrets, like }) => {
  const inUse = like === null
    ? undefined
    : secrets.find((secret) => sign(like.body, secret) === like.signature);
  const secret = inUse ?? secrets[0];
  if (secret === undefined || secret === "") {
    throw new Error("Cannot sign the delivery: there is no app secret");
  }
  return sign(body, secret);
};

function sign(body: Uint8Array, secret: string): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}
