import type { ModelVendor } from "./create_model_fetch.ts";

/** `openai/<id>` is OpenAI's, or of whoever speaks its protocol; without a vendor it is Gemini's. */
export function chooseVendor(model: string): { vendor: ModelVendor; id: string } {
  const [, vendor, id] = /^(gemini|openai)\/(.+)$/.exec(model) ?? [];
  return vendor === undefined || id === undefined
    ? { vendor: "gemini", id: model }
    : { vendor: vendor as ModelVendor, id };
}
