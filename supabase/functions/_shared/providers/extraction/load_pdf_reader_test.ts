import { loadPdfReader } from "./load_pdf_reader.ts";

Deno.test("what the reader leaves rejected ends nothing", async () => {
  await loadPdfReader();
  for (const name of ["XRefEntryException", "FormatError"]) {
    void Promise.reject(Object.assign(new Error("damaged"), { name }));
  }
  // The runtime would end the test run here.
  await new Promise((resolve) => setTimeout(resolve, 0));
});
