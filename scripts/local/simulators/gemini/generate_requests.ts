import * as z from "zod";

const args = z.record(z.string(), z.unknown());

const functionCall = z.strictObject({
  id: z.string().optional(),
  name: z.string(),
  args: args.optional(),
});
const functionResponse = z.strictObject({
  id: z.string().optional(),
  name: z.string(),
  response: args,
});

/** A part holds exactly one kind of data. */
const part = z.strictObject({
  text: z.string().optional(),
  thought: z.boolean().optional(),
  thoughtSignature: z.string().optional(),
  functionCall: functionCall.optional(),
  functionResponse: functionResponse.optional(),
}).refine(
  ({ text, functionCall, functionResponse }) =>
    [text, functionCall, functionResponse].filter((one) => one !== undefined).length === 1,
  { error: "oneof field 'data' must have one initialized field" },
);

const content = z.strictObject({
  role: z.enum(["user", "model"], {
    error: "Please use a valid role: user, model.",
  }),
  parts: z.array(part).min(1, { error: "contents.parts must not be empty." }),
});

const schema = z.record(z.string(), z.unknown());

const generationConfig = z.strictObject({
  maxOutputTokens: z.int().min(1).optional(),
  temperature: z.number().min(0).max(2).optional(),
  topP: z.number().optional(),
  topK: z.number().optional(),
  frequencyPenalty: z.number().optional(),
  presencePenalty: z.number().optional(),
  candidateCount: z.int().min(1).max(8).optional(),
  stopSequences: z.array(z.string()).max(5).optional(),
  seed: z.int().optional(),
  responseMimeType: z.enum(["text/plain", "application/json", "text/x.enum"]).optional(),
  responseSchema: schema.optional(),
  responseJsonSchema: schema.optional(),
  thinkingConfig: z.strictObject({
    thinkingBudget: z.int().optional(),
    thinkingLevel: z.enum(["minimal", "low", "medium", "high"]).optional(),
    includeThoughts: z.boolean().optional(),
  }).optional(),
}).refine(
  (config) =>
    (config.responseSchema ?? config.responseJsonSchema) === undefined ||
    config.responseMimeType === "application/json",
  { error: "Response schema is only supported with response mime type: 'application/json'." },
).refine(
  (config) => config.responseSchema === undefined || config.responseJsonSchema === undefined,
  { error: "responseSchema and responseJsonSchema can't be set both" },
);

const functionDeclaration = z.strictObject({
  name: z.string().regex(/^[a-zA-Z_][\w.:-]{0,63}$/, { error: "Invalid function name." }),
  description: z.string().min(1),
  parameters: schema.optional(),
  parametersJsonSchema: schema.optional(),
});

/** https://ai.google.dev/api/generate-content#method:-models.generatecontent */
export const generateRequest = z.strictObject({
  model: z.string().optional(),
  contents: z.array(content).min(1, { error: "contents is not specified" }),
  systemInstruction: z.strictObject({
    role: z.string().optional(),
    parts: z.array(z.strictObject({ text: z.string() })).min(1),
  }).optional(),
  generationConfig: generationConfig.optional(),
  tools: z.array(z.strictObject({
    functionDeclarations: z.array(functionDeclaration).min(1).max(128),
  })).optional(),
  toolConfig: z.strictObject({
    functionCallingConfig: z.strictObject({
      mode: z.enum(["MODE_UNSPECIFIED", "AUTO", "ANY", "NONE", "VALIDATED"]).optional(),
      allowedFunctionNames: z.array(z.string()).optional(),
    }).optional(),
  }).optional(),
  safetySettings: z.array(z.strictObject({ category: z.string(), threshold: z.string() }))
    .optional(),
});

export type GenerateRequest = z.output<typeof generateRequest>;
export type Content = GenerateRequest["contents"][number];
export type FunctionCall = z.output<typeof functionCall>;
