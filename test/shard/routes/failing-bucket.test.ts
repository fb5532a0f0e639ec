import { describe, expect, it } from "vitest";
import { loadBody, receiveBody, sendBody } from "../../../src/storage/bodies/bodies.ts";
import { brokenOff, StoreFailed } from "../../../src/storage/bodies/store-failed.ts";

const SIZE = 200_000;
const fail = async () => {
  throw new Error("put: We encountered an internal error. Please try again. (10001)");
};
/** A bucket that fails before it has read anything. */
const failing = { get: fail, put: fail, createMultipartUpload: fail, delete: fail } as unknown as R2Bucket;
/** One that takes what it is given, and forgets it. */
const forgetful = {
  put: async (_: string, body: ReadableStream) => void (await new Response(body).arrayBuffer()),
  delete: async () => undefined,
} as unknown as R2Bucket;

const whole = () => new Response(new Uint8Array(SIZE)).body as ReadableStream<Uint8Array>;
const stored = { type: null, size: SIZE, key: "x", sha256: "0" };

describe("a bucket that fails", () => {
  it.each([SIZE, null])(
    "is told apart from a sender that breaks off, and nobody waits for ever; length %s",
    async (length) => {
      const received = receiveBody(failing, "x", { stream: whole(), type: null, length });
      await expect(received).rejects.toBeInstanceOf(StoreFailed);
      await expect(received.catch(brokenOff)).rejects.toBeInstanceOf(StoreFailed);
    },
  );

  it("is told when a body is asked for", async () => {
    await expect(sendBody(failing, stored)).rejects.toBeInstanceOf(StoreFailed);
    await expect(loadBody(failing, stored, SIZE)).rejects.toBeInstanceOf(StoreFailed);
  });

  it("a sender that breaks off is no failure of the bucket", async () => {
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(new Uint8Array(SIZE / 2));
        setTimeout(() => controller.error(new Error("gone")), 10);
      },
    });
    const received = receiveBody(forgetful, "x", { stream, type: null, length: SIZE });
    expect(await received.catch(brokenOff)).toBeNull();
  });
});
