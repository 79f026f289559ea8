import * as z from "zod";
import { looseObject, server, summaryPlan } from "./plans.ts";

const spoken = {
  contents: z.array(looseObject).optional(),
  content: z.string().max(1000).optional(),
  conditions: z.array(looseObject).optional(),
};
const speaker = {
  role: z.enum(["assistant", "system"]).optional(),
  endCallAfterSpokenEnabled: z.boolean().optional(),
};
const toolMessage = z.discriminatedUnion("type", [
  z.strictObject({
    ...spoken,
    type: z.literal("request-start"),
    blocking: z.boolean().optional(),
  }),
  z.strictObject({ ...spoken, ...speaker, type: z.literal("request-complete") }),
  z.strictObject({ ...spoken, ...speaker, type: z.literal("request-failed") }),
  z.strictObject({
    ...spoken,
    type: z.literal("request-response-delayed"),
    timingMilliseconds: z.number().min(100).max(120_000).optional(),
  }),
]);

const everyTool = {
  messages: z.array(toolMessage).optional(),
  rejectionPlan: z.strictObject({ conditions: z.array(looseObject).optional() }).optional(),
};

const functionName = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, {
  error: "name must match /^[a-zA-Z0-9_-]{1,64}$/ regular expression",
});
/** A JSON Schema as the document has it: other keywords are unknown to it. */
type Schema = { type: string; properties?: unknown; items?: unknown };
const parameter: z.ZodType<Schema> = z.strictObject({
  type: z.enum(["string", "number", "integer", "boolean", "array", "object"]),
  get items() {
    return parameter.optional();
  },
  get properties() {
    return z.record(z.string(), parameter).optional();
  },
  description: z.string().optional(),
  pattern: z.string().optional(),
  format: z.enum([
    "date-time",
    "time",
    "date",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "uuid",
  ]).optional(),
  required: z.array(z.string()).optional(),
  enum: z.array(z.string()).optional(),
  title: z.string().optional(),
}).refine(({ type, items }) => type !== "array" || items !== undefined, {
  message: "items should not be empty",
}).refine(({ type, properties }) => type !== "object" || properties !== undefined, {
  message: "properties should not be empty",
}).refine(
  ({ properties = {}, required = [] }) => required.every((name) => Object.hasOwn(properties, name)),
  { message: "required must name properties" },
);

const functionDefinition = z.strictObject({
  name: functionName,
  strict: z.boolean().optional(),
  description: z.string().optional(),
  parameters: z.strictObject({
    type: z.literal("object"),
    properties: z.record(z.string(), parameter),
    required: z.array(z.string()).optional(),
  }).refine(
    ({ properties, required = [] }) => required.every((name) => Object.hasOwn(properties, name)),
    { message: "required must name properties" },
  ).optional(),
});

export const knowledgeBase = z.strictObject({
  provider: z.literal("google"),
  name: z.string(),
  model: z.string().optional(),
  description: z.string().max(1000),
  fileIds: z.array(z.string()),
});

const transferPlan = z.strictObject({
  mode: z.enum([
    "blind-transfer",
    "blind-transfer-add-summary-to-sip-header",
    "warm-transfer-say-message",
    "warm-transfer-say-summary",
    "warm-transfer-twiml",
    "warm-transfer-wait-for-operator-to-speak-first-and-then-say-message",
    "warm-transfer-wait-for-operator-to-speak-first-and-then-say-summary",
    "warm-transfer-experimental",
  ]),
  message: z.union([z.string(), looseObject]).optional(),
  timeout: z.number().min(1).max(600).optional(),
  sipVerb: z.enum(["refer", "bye", "dial"]).optional(),
  dialTimeout: z.number().min(1).max(600).optional(),
  holdAudioUrl: z.string().optional(),
  transferCompleteAudioUrl: z.string().optional(),
  contextEngineeringPlan: looseObject.optional(),
  twiml: z.string().max(4096).optional(),
  summaryPlan: summaryPlan.optional(),
  sipHeadersInReferToEnabled: z.boolean().optional(),
  fallbackPlan: looseObject.optional(),
});
const everyDestination = {
  message: z.union([z.string(), looseObject]).optional(),
  description: z.string().optional(),
};
export const destinationNumber = z.strictObject({
  ...everyDestination,
  type: z.literal("number"),
  numberE164CheckEnabled: z.boolean().optional(),
  number: z.string().min(3).max(40),
  extension: z.string().min(1).max(10).optional(),
  callerId: z.string().max(40).optional(),
  transferPlan: transferPlan.optional(),
});
export const destinationSip = z.strictObject({
  ...everyDestination,
  type: z.literal("sip"),
  sipUri: z.string(),
  callerId: z.string().max(40).optional(),
  transferPlan: transferPlan.optional(),
  sipHeaders: looseObject.optional(),
});
const destinationAssistant = z.strictObject({
  ...everyDestination,
  type: z.literal("assistant"),
  transferMode: z.string().optional(),
  assistantName: z.string(),
});

const toolFields = {
  query: {
    // Vapi's guides send the name, its OpenAPI does not have it, and the API takes it.
    function: z.strictObject({ name: functionName }).optional(),
    knowledgeBases: z.array(knowledgeBase).optional(),
  },
  function: {
    async: z.boolean().optional(),
    server: server.optional(),
    variableExtractionPlan: looseObject.optional(),
    parameters: z.array(looseObject).optional(),
    function: functionDefinition.optional(),
  },
  endCall: {},
  dtmf: { sipInfoDtmfEnabled: z.boolean().optional() },
  transferCall: {
    destinations: z.array(
      z.discriminatedUnion("type", [destinationAssistant, destinationNumber, destinationSip]),
    ).optional(),
  },
};

const create = <Type extends keyof typeof toolFields>(type: Type) =>
  z.strictObject({ ...everyTool, ...toolFields[type], type: z.literal(type) });

/** The kinds of tool this simulator knows, each with `type`. */
export const createTool = z.discriminatedUnion("type", [
  create("query"),
  create("function"),
  create("endCall"),
  create("dtmf"),
  create("transferCall"),
]);

/**
 * `PATCH /tool/{id}` takes the fields of the tool's own kind and no `type`: the kind of a tool can't
 * change, and Vapi's own clients leave it out.
 */
export const updateTool = {
  query: z.strictObject({ ...everyTool, ...toolFields.query }),
  function: z.strictObject({ ...everyTool, ...toolFields.function }),
  endCall: z.strictObject({ ...everyTool, ...toolFields.endCall }),
  dtmf: z.strictObject({ ...everyTool, ...toolFields.dtmf }),
  transferCall: z.strictObject({ ...everyTool, ...toolFields.transferCall }),
} satisfies Record<keyof typeof toolFields, z.ZodType>;
