import * as z from "zod";
import { defineTool } from "./tool.ts";

export const captureLead = defineTool({
  description:
    "Keeps that the person is interested in a product or service, so that the sales team can follow up. Have it confirmed first.",
  input: z.object({
    interest: z.string().trim().min(2).max(1000),
    name: z.string().trim().max(100).nullish(),
  }),
  output: z.object({ message: z.string() }),
  confirm: ({ interest }, language) => {
    const words = {
      en: "Pass this on to the sales team?",
      fr: "Transmettre à l'équipe commerciale ?",
      sw: "Niwapelekee timu ya mauzo?",
      rw: "Mbigeze ku bashinzwe ubucuruzi?",
    };
    return `${interest}\n\n${words[language]}`;
  },
  act: ({ interest, name }, { newId, channel }) => ({
    output: { message: "The sales team has been told." },
    effects: [{
      kind: "capture_lead",
      id: newId(),
      name: name || null,
      interest,
      details: { channel },
    }],
  }),
});
