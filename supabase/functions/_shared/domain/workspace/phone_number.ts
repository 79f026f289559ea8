import * as z from "zod";

/** People write numbers with blanks, dots, dashes and brackets; E.164 has none of them. */
export const phoneNumber = z.string()
  .transform((text) => text.replaceAll(/[\s().-]/g, ""))
  .pipe(
    z.string().regex(
      /^\+[1-9][0-9]{6,14}$/,
      'must be a phone number in E.164 form, such as "+14155550100"',
    ),
  );
