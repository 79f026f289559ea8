/**
 * A body as text, read no further than the limit.
 * @throws RangeError when the body is longer
 */
export async function readLimitedText(response: Response, limitBytes: number): Promise<string> {
  if (response.body === null) return "";
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      bytes += value.byteLength;
      if (bytes > limitBytes) throw new RangeError(`the answer is longer than ${limitBytes} bytes`);
      text += decoder.decode(value, { stream: true });
    }
  } finally {
    // A body that was read to its end is closed already; any other is given up.
    await reader.cancel().catch(() => {});
  }
}
