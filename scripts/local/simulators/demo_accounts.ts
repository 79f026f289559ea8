/** Demo credentials of the local stack: two organizations, each with all three providers,
 * and the key of the project's language model. */
export const DEMO_ACCOUNTS = {
  vapi: [
    { key: "vapi-demo-key", accountId: "d0000000-0000-4000-8000-000000000001" },
    { key: "vapi-demo-market-key", accountId: "d0000000-0000-4000-8000-000000000002" },
  ],
  twilio: [
    {
      sid: "AC00000000000000000000000000000001",
      token: "0123456789abcdef0123456789abcdef",
      friendly_name: "Demo Clinic",
      numbers: [{ phone_number: "+15005550100", voice: true }],
    },
    {
      sid: "AC00000000000000000000000000000002",
      token: "fedcba9876543210fedcba9876543210",
      friendly_name: "Demo Market",
      numbers: [{ phone_number: "+15005550200", voice: true }],
    },
  ],
  graph: [
    {
      token: "EAAdemo0000000000000000000000000000000000000000",
      business_accounts: [{ id: "200000000000001", name: "Demo Clinic" }],
      phone_numbers: [{
        id: "100000000000001",
        business_account_id: "200000000000001",
        display_phone_number: "+1 555 010 0001",
        verified_name: "Demo Clinic",
      }],
    },
    {
      token: "EAAdemo0000000000000000000000000000000000000001",
      business_accounts: [{ id: "200000000000002", name: "Demo Market" }],
      phone_numbers: [{
        id: "100000000000002",
        business_account_id: "200000000000002",
        display_phone_number: "+1 555 010 0002",
        verified_name: "Demo Market",
      }],
    },
  ],
  gemini: [{ key: "gemini-demo-key", accountId: "demo" }],
  legacy: [{ account: "demo", appSecret: "local-whatsapp-app-secret" }],
} as const;
