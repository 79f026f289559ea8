import type { Clock } from "../../supabase/functions/_shared/ports.ts";
import { parseDelivery } from "../../supabase/functions/_shared/providers/whatsapp/parse_delivery.ts";
import { signDelivery } from "../../supabase/functions/_shared/providers/whatsapp/sign_delivery.ts";
import { splitDelivery } from "../../supabase/functions/_shared/providers/whatsapp/split_delivery.ts";
import type { ForwardPorts } from "../../supabase/functions/_shared/services/forward_deliveries.ts";

/** An older service for which nothing waits. */
export function createForwarding(clock: Clock): Omit<ForwardPorts, "logger"> {
  return {
    legacy: {
      claimLegacyDeliveries: () => Promise.resolve({ webhooks: {}, deliveries: [] }),
      recordLegacyDeliveries: () => Promise.resolve({ lost: [], dead_lettered: 0 }),
    },
    postDelivery: () => Promise.resolve({ kind: "accepted", status: 200 }),
    splitDelivery,
    signDelivery,
    parseDelivery,
    appSecrets: ["secret"],
    findOwnSecrets: () => Promise.resolve([]),
    loadReadAgent: () => Promise.resolve(() => null),
    clock,
  };
}
