import * as z from "zod";

/** The local stack's WHATSAPP_APP_SECRET. */
export const DEMO_APP_SECRET = "local-whatsapp-app-secret";

export const registration = z.strictObject({
  token: z.string().min(1),
  account: z.string().optional(),
  app_id: z.string().default("300000000000001"),
  /** Signs deliveries, and is half of the app's access token. */
  app_secret: z.string().optional(),
  app_name: z.string().default("Switchboard"),
  business_accounts: z.array(z.strictObject({
    id: z.string().regex(/^\d+$/),
    name: z.string().default("Simulated business"),
  })),
  phone_numbers: z.array(z.strictObject({
    id: z.string().regex(/^\d+$/),
    business_account_id: z.string(),
    display_phone_number: z.string(),
    verified_name: z.string(),
    quality_rating: z.enum(["GREEN", "YELLOW", "RED", "NA", "UNKNOWN"]).default("GREEN"),
  })),
});

export type SentMessage = {
  id: string;
  phone_number_id: string;
  sent_at: string;
  body: unknown;
};
export type Media = {
  id: string;
  mime_type: string;
  content_base64: string;
  expires_at: number;
  url: string | null;
};

/** What one access token may see and do. */
export type GraphAccount =
  & Omit<z.output<typeof registration>, "token" | "account" | "app_secret">
  & {
    id: string;
    tokens: string[];
    /** Subscriptions of this account's app, by business account. */
    subscriptions: Record<string, { override_callback_uri?: string }>;
    messages: SentMessage[];
    read: { message_id: string; typing: boolean; at: string }[];
    media: Record<string, Media>;
    /** Recipients whose 24-hour window is closed: only templates reach them. */
    closed_windows: string[];
  };
