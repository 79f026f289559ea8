import { deepEqual, equal } from "node:assert/strict";
import { workspaceInputSchema } from "./workspace_input.ts";

const SID = `AC${"a".repeat(32)}`;

const ACCEPTED: { name: string; body: unknown; parsed?: unknown }[] = [
  { name: "a Vapi key", body: { vapi_api_key: "3f0e7a52-0000-4000-8000-1234567890ab" } },
  {
    name: "blanks around a pasted key",
    body: { vapi_api_key: "  3f0e7a52-0000-4000-8000-1234567890ab\n" },
    parsed: { vapi_api_key: "3f0e7a52-0000-4000-8000-1234567890ab" },
  },
  {
    name: "a number as people write it",
    body: { twilio_from_number: "+1 (415) 555-01.00" },
    parsed: { twilio_from_number: "+14155550100" },
  },
  { name: "a part of a group", body: { twilio_account_sid: SID } },
  { name: "an app secret to forget", body: { whatsapp_app_secret: null } },
  { name: "tools", body: { enabled_tools: ["take_message", "book_appointment"] } },
  { name: "no tools in particular", body: { enabled_tools: [] } },
  { name: "a currency", body: { currency: "KES" } },
  {
    name: "hours",
    body: {
      business_hours: { monday: ["08:00-12:00", "13:00-17:00"], sunday: [] },
      calling_hours: {},
      quiet_hours: { daily: ["21:00-07:00"] },
    },
  },
  {
    name: "how it calls and answers",
    body: {
      call_countries: ["RW", "KE"],
      daily_call_minutes: 0,
      daily_token_budget: 250_000,
      time_zone: "Africa/Kigali",
      language: "rw",
      fallback_text: "Nobody is there",
      missed_call_follow_up: true,
      template_names: { missed_call: "sorry", window_closed: { name: "back", language: "en_US" } },
      drift_policy: "repair",
      phone_knowledge_mode: "own_index",
      auto_sync: false,
    },
  },
  {
    name: "numbers of its own",
    body: { transfer_number: "+250 788 123 456", test_numbers: ["+250 788 123 457"] },
    parsed: { transfer_number: "+250788123456", test_numbers: ["+250788123457"] },
  },
  { name: "nobody to put callers through to", body: { transfer_number: null } },
];

for (const { name, body, parsed = body } of ACCEPTED) {
  Deno.test(`workspaceInputSchema accepts ${name}`, () => {
    deepEqual(workspaceInputSchema.parse(body), parsed);
  });
}

const REFUSED: { name: string; body: unknown; paths: string[] }[] = [
  { name: "nothing at all", body: {}, paths: [""] },
  { name: "an array", body: [], paths: [""] },
  {
    name: "a tool that there isn't",
    body: { enabled_tools: ["take_message", "take_money", "constructor"] },
    paths: ["enabled_tools.1", "enabled_tools.2"],
  },
  {
    name: "a tool twice",
    body: { enabled_tools: ["take_message", "take_message"] },
    paths: ["enabled_tools"],
  },
  { name: "tools that are no list", body: { enabled_tools: "all" }, paths: ["enabled_tools"] },
  {
    name: "hours that are none",
    body: {
      business_hours: { monday: ["8-12", "08:00-12:00"], funday: [] },
      quiet_hours: { daily: "always" },
      calling_hours: { daily: ["09:00-10:00"] },
    },
    paths: ["business_hours.monday.0", "business_hours", "quiet_hours.daily", "calling_hours"],
  },
  {
    name: "countries, numbers and zones that there aren't",
    body: {
      call_countries: ["RW", "Rwanda"],
      test_numbers: ["0788"],
      transfer_number: "reception",
      time_zone: "+02:00",
      language: "French!",
    },
    paths: [
      "call_countries.1",
      "time_zone",
      "language",
      "transfer_number",
      "test_numbers.0",
    ],
  },
  { name: "a zone on Mars", body: { time_zone: "Mars/Olympus" }, paths: ["time_zone"] },
  {
    name: "amounts that are none",
    body: { daily_call_minutes: -1, daily_token_budget: 1.5 },
    paths: ["daily_call_minutes", "daily_token_budget"],
  },
  { name: "null for a setting", body: { language: null }, paths: ["language"] },
  {
    name: "what isn't a setting",
    body: { webhook_secret_version: 2 },
    paths: [""],
  },
  {
    name: "a template for nothing",
    body: { template_names: { birthday: "cake" } },
    paths: ["template_names"],
  },
  { name: "a currency's name", body: { currency: "francs" }, paths: ["currency"] },
  { name: "a short key", body: { vapi_api_key: "short" }, paths: ["vapi_api_key"] },
  {
    name: "a key with a blank",
    body: { vapi_api_key: `${"k".repeat(20)} x` },
    paths: ["vapi_api_key"],
  },
  {
    name: "a key with a line break",
    body: { vapi_api_key: `${"k".repeat(20)}\r\nx` },
    paths: ["vapi_api_key"],
  },
  { name: "a key beyond ASCII", body: { vapi_api_key: "ключ".repeat(8) }, paths: ["vapi_api_key"] },
  { name: "null for a key", body: { vapi_api_key: null }, paths: ["vapi_api_key"] },
  { name: "an empty string", body: { twilio_auth_token: "" }, paths: ["twilio_auth_token"] },
  { name: "a short SID", body: { twilio_account_sid: "AC12" }, paths: ["twilio_account_sid"] },
  {
    name: "a SID of another kind",
    body: { twilio_account_sid: `SK${"a".repeat(32)}` },
    paths: ["twilio_account_sid"],
  },
  {
    name: "a number without a plus",
    body: { twilio_from_number: "4155550100" },
    paths: ["twilio_from_number"],
  },
  {
    name: "a number with letters",
    body: { twilio_from_number: "+1800FLOWERS" },
    paths: ["twilio_from_number"],
  },
  {
    name: "an id that is a number",
    body: { whatsapp_phone_number_id: 100 },
    paths: ["whatsapp_phone_number_id"],
  },
  {
    name: "an id with a path in it",
    body: { whatsapp_business_account_id: "1/../2" },
    paths: ["whatsapp_business_account_id"],
  },
  { name: "an unknown field", body: { vapi_key: "3f0e7a52-0000-4000" }, paths: [""] },
  {
    name: "several bad fields, all at once",
    body: { vapi_api_key: "x", twilio_from_number: "1", whatsapp_access_token: 5 },
    paths: ["vapi_api_key", "twilio_from_number", "whatsapp_access_token"],
  },
];

for (const { name, body, paths } of REFUSED) {
  Deno.test(`workspaceInputSchema refuses ${name}`, () => {
    const result = workspaceInputSchema.safeParse(body);
    equal(result.success, false);
    deepEqual(result.error?.issues.map(({ path }) => path.join(".")).toSorted(), paths.toSorted());
  });
}
