/** Valid requests that differ from the plain one; an adapter must accept all of them. */
import { randomUUID } from "node:crypto";
import { enlarged, oddlyWritten } from "../adapter-request.ts";
import { describe, type Exchange, isAccepted, isRefused, statusOf } from "../trial.ts";
import { type Check, fail, pass, skipped, type Verdict, warn } from "./check.ts";

const LARGE_BYTES = 1024 * 1024;
/** Statuses about length or framing, not about the content. */
const SIZE_STATUSES = [408, 411, 413];

export const bodyChecks: readonly Check[] = [
  {
    id: "exact-bytes",
    numbers: "C13 CD1",
    title: "The signature is verified over the exact bytes: Unicode, escaped characters, unusual white space",
    needs: ["accepted"],
    run: async (trial) => {
      const sent = await trial.send({ write: oddlyWritten });
      const mend = "Compute the signature over the raw bytes, before they are decoded and parsed, then parse as UTF-8.";
      return judgeAccepted(sent, mend);
    },
  },
  {
    id: "empty-payload",
    numbers: "C8",
    title: "A payload without files is answered, not crashed on",
    needs: ["accepted"],
    run: async (trial) => {
      if (trial.options.type !== "input") return skipped("only input adapters get files");
      const sent = await trial.send({ payload: [] });
      if (isAccepted(sent) || isRefused(sent)) return pass(statusOf(sent));
      const mend = 'Answer with status "skipped" or "error", or with a 4xx that says what is missing.';
      return fail("a result, or a 4xx", describe(sent), mend);
    },
  },
  {
    id: "large-body",
    numbers: "C5 C8",
    title: "A body of 1 MB in chunks, without content-length, is taken",
    needs: ["accepted"],
    run: async (trial) => {
      const write = (request: Parameters<typeof enlarged>[0]) => enlarged(request, LARGE_BYTES);
      return judgeLarge(await trial.send({ write, chunked: true }));
    },
  },
  {
    id: "unknown-configuration",
    numbers: "C3 C4",
    title: "A configuration key that the adapter does not know does no harm",
    needs: ["accepted"],
    run: async (trial) => {
      const unknown = { boolean: true, string: "some value", table: [{ src: "OCEAN", dest: "SEA" }], unset: null };
      const extra = Object.fromEntries(Object.entries(unknown).map(([kind, value]) => [`unknown_${kind}`, value]));
      const sent = await trial.send({ configuration: { ...trial.options.configuration, ...extra } });
      const mend = "Leave out of account what you do not know: a definition may be changed before the adapter is.";
      return judgeAccepted(sent, mend);
    },
  },
  {
    id: "other-ids",
    numbers: "C14 C15 C16 C17",
    title: "Another workspace and flow, and headers that the adapter does not know, do no harm",
    needs: ["accepted"],
    run: async (trial) => {
      const headers = {
        "x-chainio-workspace-id": randomUUID(),
        "x-chainio-flow-id": randomUUID(),
        traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "x-unknown": "some value",
      };
      const sent = await trial.send({ headers });
      const mend = "Use the ids for tracing, caching and rate limits, and take every one of them.";
      return judgeAccepted(sent, mend);
    },
  },
];

const judgeAccepted = (sent: Exchange, mend: string): Verdict =>
  isAccepted(sent) ? pass() : fail("status 200", describe(sent), mend);

function judgeLarge(sent: Exchange): Verdict {
  if (isAccepted(sent)) return pass(`${sent.reply.ms} ms`);
  const mend = "Raise the limit of the body's size, and read it to its end whether or not its length is announced.";
  const aboutSize = "status" in sent.reply && SIZE_STATUSES.includes(sent.reply.status);
  if (!isRefused(sent) || aboutSize) return fail("status 200", describe(sent), mend);
  return warn("status 200", describe(sent), "If that is about what is in it and not about its size, all is well.");
}
