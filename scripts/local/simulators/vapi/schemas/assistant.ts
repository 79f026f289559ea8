import * as z from "zod";
import { model } from "./models.ts";
import {
  analysisPlan,
  artifactPlan,
  backgroundSpeechDenoisingPlan,
  compliancePlan,
  keypadInputPlan,
  looseObject,
  monitorPlan,
  server,
  startSpeakingPlan,
  stopSpeakingPlan,
} from "./plans.ts";
import { transcriber } from "./transcribers.ts";
import { CLIENT_MESSAGES, SERVER_MESSAGES } from "./values.ts";
import { voice } from "./voices.ts";

/** The body of `POST /assistant`, and of `PATCH /assistant/{id}`, where every field is a whole. */
export const assistant = z.strictObject({
  transcriber: transcriber.optional(),
  model: model.optional(),
  voice: voice.optional(),
  firstMessage: z.string().optional(),
  firstMessageInterruptionsEnabled: z.boolean().optional(),
  firstMessageMode: z.enum([
    "assistant-speaks-first",
    "assistant-speaks-first-with-model-generated-message",
    "assistant-waits-for-user",
  ]).optional(),
  voicemailDetection: z.union([z.literal("off"), looseObject]).optional(),
  clientMessages: z.array(z.enum(CLIENT_MESSAGES)).optional(),
  serverMessages: z.array(z.enum(SERVER_MESSAGES)).optional(),
  maxDurationSeconds: z.number().min(10).max(43_200).optional(),
  backgroundSound: z.union([z.enum(["off", "office"]), z.url()]).optional(),
  modelOutputInMessagesEnabled: z.boolean().optional(),
  transportConfigurations: z.array(looseObject).optional(),
  observabilityPlan: looseObject.optional(),
  credentials: z.array(looseObject).optional(),
  hooks: z.array(looseObject).optional(),
  name: z.string().max(40).optional(),
  voicemailMessage: z.string().max(1000).optional(),
  endCallMessage: z.string().max(1000).optional(),
  endCallPhrases: z.array(z.string().min(2).max(140)).optional(),
  compliancePlan: compliancePlan.optional(),
  metadata: looseObject.optional(),
  backgroundSpeechDenoisingPlan: backgroundSpeechDenoisingPlan.optional(),
  analysisPlan: analysisPlan.optional(),
  artifactPlan: artifactPlan.optional(),
  startSpeakingPlan: startSpeakingPlan.optional(),
  stopSpeakingPlan: stopSpeakingPlan.optional(),
  monitorPlan: monitorPlan.optional(),
  credentialIds: z.array(z.string()).optional(),
  server: server.optional(),
  keypadInputPlan: keypadInputPlan.optional(),
});
