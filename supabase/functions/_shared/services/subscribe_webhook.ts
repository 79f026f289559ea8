import { ProviderError } from "../errors.ts";
import type { Whatsapp } from "../ports.ts";

/**
 * Makes Meta send the business account's deliveries to our app, and checks that it does.
 * @param options.subscribed it was done before: written again only when Meta forgot
 * @throws ProviderError
 */
export async function subscribeWebhook(
  whatsapp: Whatsapp,
  { businessAccountId, subscribed }: {
    businessAccountId: string;
    subscribed: boolean;
  },
): Promise<void> {
  const isSubscribed = async () => (await whatsapp.readSubscriptions(businessAccountId)).length > 0;
  if (subscribed && await isSubscribed()) return;
  await whatsapp.subscribe(businessAccountId);
  if (await isSubscribed()) return;
  throw new ProviderError(
    "whatsapp",
    "invalid_response",
    `it does not list the subscription of "${businessAccountId}" that it confirmed`,
  );
}
