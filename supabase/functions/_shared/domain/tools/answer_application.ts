import * as z from "zod";
import { defineTool } from "./tool.ts";

export const answerApplication = defineTool({
  description:
    "Accepts or declines what somebody sent to one of the person's own listings. The other side is told.",
  input: z.object({ application_id: z.uuid(), answer: z.enum(["accepted", "declined"]) }),
  output: z.object({ message: z.string() }),
  confirm: ({ answer }, language) => {
    const accept = { en: "Accept it?", fr: "Accepter ?", sw: "Nikubali?", rw: "Mbyemere?" };
    const decline = { en: "Decline it?", fr: "Refuser ?", sw: "Nikatae?", rw: "Mbyange?" };
    return answer === "accepted" ? accept[language] : decline[language];
  },
  act: ({ application_id, answer }) => ({
    output: { message: `It is ${answer}; the other side is told.` },
    effects: [{ kind: "answer_application", application_id, answer }],
  }),
});
