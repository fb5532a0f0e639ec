import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CALLBACK_URL_HEADER,
  CORRELATION_HEADER,
  failedDocument,
  readLinkCallback,
} from "../../../src/core/callback/link.ts";
import { Refusal } from "../../../src/core/refusal.ts";

const ID = "0190a1b2-0000-8000-8000-000000000001";
const read = (headers: Record<string, string> | [string, string][]) => readLinkCallback(new Headers(headers));
const answer = (more: Record<string, string>) => read({ "X-Link-Correlation-Id": ID, ...more });

function expectRefused(result: unknown, header: RegExp) {
  expect(result).toBeInstanceOf(Refusal);
  expect((result as Refusal).reason).toBe("invalid-request");
  expect((result as Refusal).detail).toMatch(header);
}

describe("headers of a callback", () => {
  it("the request's headers have the document's names (L8 L9)", () => {
    expect([CORRELATION_HEADER, CALLBACK_URL_HEADER].map((name) => name.toLowerCase())).toEqual([
      "x-link-correlation-id",
      "x-link-callback-url",
    ]);
  });

  it("the correlation id is required; an empty one counts as absent (L10)", () => {
    expectRefused(read({ "X-Link-Status": "Ok" }), /X-Link-Correlation-Id/);
    expectRefused(read({ "X-Link-Correlation-Id": "  ", "X-Link-Status": "Ok" }), /X-Link-Correlation-Id/);
  });

  it("the status is required; an empty one counts as absent (L11)", () => {
    expectRefused(answer({}), /X-Link-Status/);
    expectRefused(answer({ "X-Link-Status": "" }), /X-Link-Status/);
    expectRefused(answer({ "X-Link-Status": " \t" }), /X-Link-Status/);
  });

  it("Ok and Failed in any case (L11 LD4)", () => {
    for (const status of ["Ok", "ok", "OK", "oK", " Ok "]) {
      expect(answer({ "X-Link-Status": status })).toEqual({ correlationId: ID, signal: { status: "ok" } });
    }
    for (const status of ["Failed", "failed", "FAILED"]) {
      expect(answer({ "X-Link-Status": status })).toEqual({ correlationId: ID, signal: { status: "failed" } });
    }
  });

  it("any other value is refused (LD4)", () => {
    for (const status of ["Okay", "Fail", "Success", "true", "0", "Ok.", "Ok;Failed", "Completed"]) {
      expectRefused(answer({ "X-Link-Status": status }), /X-Link-Status/);
    }
  });

  it("a status sent twice is refused, whatever its values (LD7)", () => {
    const values = ["Ok", "Failed", ""];
    for (const first of values) {
      for (const second of values) {
        const twice: [string, string][] = [
          ["X-Link-Correlation-Id", ID],
          ["X-Link-Status", first],
          ["X-Link-Status", second],
        ];
        expectRefused(read(twice), /X-Link-Status/);
      }
    }
  });

  it("the optional headers are read, and empty ones are absent (L14 L16 L17 LD7)", () => {
    const all = { "X-Link-Document-Status": "On Hold", "X-Link-Error-Code": "E7", "X-Link-Error-Text": "no stock" };
    expect(answer({ "X-Link-Status": "Failed", ...all })).toEqual({
      correlationId: ID,
      signal: { status: "failed", documentStatus: "On Hold", errorCode: "E7", errorText: "no stock" },
    });
    const empty = { "X-Link-Document-Status": "", "X-Link-Error-Code": " ", "X-Link-Error-Text": "" };
    expect(answer({ "X-Link-Status": "Failed", ...empty })).toEqual({
      correlationId: ID,
      signal: { status: "failed" },
    });
  });
});

describe("what Failed makes of the document", () => {
  it("without a document status it is Failed, with the error code (LD6)", () => {
    expect(failedDocument({ status: "failed" }, [])).toEqual({ documentStatus: "Failed" });
    expect(failedDocument({ status: "failed", errorCode: "E7" }, [])).toEqual({
      documentStatus: "Failed",
      errorCode: "E7",
    });
  });

  it("a valid document status is set by its canonical name, and the error code is not stored (L14 LD6 LD7)", () => {
    expect(failedDocument({ status: "failed", documentStatus: "on-hold", errorCode: "E7" }, [])).toEqual({
      documentStatus: "On Hold",
    });
    expect(failedDocument({ status: "failed", documentStatus: "IN CUSTOMS" }, ["In Customs"])).toEqual({
      documentStatus: "In Customs",
    });
  });

  it("the error code is stored when the status that was asked for is Failed itself (L16 LD6)", () => {
    expect(failedDocument({ status: "failed", documentStatus: "FAILED", errorCode: "E7" }, [])).toEqual({
      documentStatus: "Failed",
      errorCode: "E7",
    });
  });

  it("an unknown one becomes the technical status of a Failed document, as it was sent (L15 LD6)", () => {
    expect(failedDocument({ status: "failed", documentStatus: "Customs Hold", errorCode: "E7" }, [])).toEqual({
      documentStatus: "Failed",
      technicalStatus: "Customs Hold",
      errorCode: "E7",
    });
  });

  it("property: the technical status is what was not known, the code goes with Failed alone (LD6)", () => {
    const signal = fc.record({
      status: fc.constant("failed" as const),
      documentStatus: fc.oneof(fc.constantFrom("Failed", "outbox", "Own"), fc.string({ minLength: 1 })),
      errorCode: fc.string({ minLength: 1 }),
      errorText: fc.string({ minLength: 1 }),
    });
    fc.assert(
      fc.property(signal, fc.array(fc.string({ minLength: 1 })), (sent, own) => {
        const set = failedDocument(sent, own);
        expect(set.technicalStatus === undefined || set.technicalStatus === sent.documentStatus).toBe(true);
        if (set.technicalStatus !== undefined) expect(set.documentStatus).toBe("Failed");
        expect(set.errorCode).toBe(set.documentStatus === "Failed" ? sent.errorCode : undefined);
      }),
    );
  });
});
