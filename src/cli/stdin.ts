/** What comes in at stdin. */

export async function allOf(input: AsyncIterable<Buffer | string>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

export const firstLineOf = async (input: AsyncIterable<Buffer | string>) =>
  ((await allOf(input)).toString("utf8").split(/\r?\n/, 1)[0] ?? "").trim();
