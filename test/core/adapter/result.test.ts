import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type AdapterReply,
  AdapterReplyReader,
  type LargeMember,
  readMessage,
  readResult,
} from "../../../src/core/adapter/result.ts";
import { Malformed } from "../../../src/core/json/malformed.ts";
import { cut, cuts, mutate, mutation } from "../../support/core/chunks.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

interface Read {
  readonly statement: AdapterReply;
  readonly payload: string;
  readonly files: string;
}

function read(text: string | Uint8Array, sizes: readonly number[] = [5]): Read | Malformed {
  const pieces: Record<LargeMember, Buffer[]> = { payload: [], files: [] };
  const reader = new AdapterReplyReader((member, bytes) => pieces[member].push(Buffer.from(bytes)));
  for (const piece of cut(typeof text === "string" ? bytesOf(text) : text, sizes)) {
    const fault = reader.write(piece);
    piece.fill(0);
    if (fault) return fault;
  }
  const statement = reader.end();
  if (statement instanceof Malformed) return statement;
  const [payload, files] = [pieces.payload, pieces.files].map((all) => Buffer.concat(all).toString());
  return { statement, payload: payload ?? "", files: files ?? "" };
}

const FILE = { file_name: "a.txt", mime_type: "text/plain", body: "aGVq", content_transfer_encoding: "base64" };
const members = {
  callback: fc.oneof(fc.string(), fc.constantFrom(null, 7)),
  status: fc.constantFrom("success", "skipped", "error", "bug", "progress", "odd", null, 7),
  message: fc.oneof(fc.string(), fc.constant(null), fc.object()),
  user_logs: fc.oneof(
    fc.array(fc.record({ type: fc.constantFrom("info", "error"), message: fc.string() })),
    fc.constant(null),
  ),
  payload: fc.jsonValue(),
  files: fc.constantFrom(null, [], [FILE], [FILE, FILE]),
  other: fc.jsonValue(),
};
const statement = fc.record(members, { requiredKeys: [] });

describe("a statement in chunks", () => {
  it("says the same wherever it is cut, and its payload and files are byte for byte as they stood (CD2 CD15)", () => {
    fc.assert(
      fc.property(statement, fc.nat(2), cuts, (said, indent, sizes) => {
        const { callback = null, status = null, message = null, user_logs: userLogs = null } = said;
        const text = JSON.stringify(said, null, indent);
        const result = read(text, sizes) as Read;
        const { payload = null, files = null } = said;
        expect(result.statement).toMatchObject(JSON.parse(JSON.stringify({ callback, status, message, userLogs })));
        expect(result.statement.hasPayload).toBe(payload !== null);
        expect(result.statement.files?.count).toBe(files?.length);
        if (payload !== null) {
          expect(text).toContain(result.payload);
          expect(JSON.parse(result.payload)).toEqual(JSON.parse(JSON.stringify(payload)));
        } else expect(result.payload).toBe("");
        expect(result.files === "" ? null : JSON.parse(result.files)).toEqual(files);
      }),
      { numRuns: 1000 },
    );
  });

  it("is read the same wherever it is cut, also when it is damaged (CD2)", () => {
    fc.assert(
      fc.property(statement, mutation, cuts, (said, by, sizes) => {
        const damaged = new Uint8Array(mutate(bytesOf(JSON.stringify(said)), by));
        const [whole, pieces] = [read(damaged, [damaged.length + 1]), read(damaged, sizes)];
        if (whole instanceof Malformed) expect(pieces).toMatchObject({ message: whole.message });
        else expect(pieces).toEqual(whole);
      }),
      { numRuns: 1000 },
    );
  });

  it("tells whether it carries a callback as soon as that has come, whatever comes behind it (CD4)", () => {
    const cases: [string, boolean][] = [
      ['{"callback":"x"', true],
      ['{"callback":"x","payload":!', true],
      ['{"callback":7}', true],
      ['{"callback":null}', false],
      ['{"payload":{"callback":"x"}}', false],
      ['{"payload":!,"callback":"x"}', false],
      ['{"callback":"x', false],
      ["[]", false],
    ];
    for (const [text, carries] of cases) {
      const reader = new AdapterReplyReader(() => undefined);
      reader.write(bytesOf(text));
      expect([text, reader.hasCallback]).toEqual([text, carries]);
    }
  });

  it.each([
    ["an array", "[]"],
    ["text", '"success"'],
    ["nothing", ""],
    ["a status twice", '{"status":"success","status":"bug"}'],
    ["a payload twice, once escaped", '{"payload":1,"p\\u0061yload":2}'],
    ["another member twice", '{"a":1,"a":1}'],
    ["files that are no array", '{"files":{}}'],
    ["a file that is none", '{"files":[{}]}'],
    ["files cut off", '{"files":[{"file_name":"a"'],
    ["a message of more than 1 MB", `{"message":"${"x".repeat(1024 * 1024)}"}`],
    ["too deep a payload", `{"payload":${"[".repeat(600)}${"]".repeat(600)}}`],
  ])("is no statement: %s (CD2 CD3)", (_, text) => {
    for (const sizes of [[7], [Number.MAX_SAFE_INTEGER]]) expect(read(text, sizes)).toBeInstanceOf(Malformed);
  });

  it("numbers of the payload keep every digit, and null is no payload (CD15)", () => {
    const payload = "[ 12345678901234567890.10, -0.0, 1E+02 ]";
    expect(read(`{"payload" : ${payload} }`)).toMatchObject({ payload, statement: { hasPayload: true } });
    expect(read('{"payload" : null, "files":null }')).toMatchObject({
      payload: "",
      statement: { hasPayload: false, files: null },
    });
    for (const falsy of ["0", "false", '""', "[]", "{}"])
      expect(read(`{"payload":${falsy}}`)).toMatchObject({ payload: falsy, statement: { hasPayload: true } });
  });
});

describe("a result", () => {
  const of = (more: Partial<AdapterReply>): AdapterReply => ({
    ...{ callback: "x", status: "success", message: null, userLogs: null, hasPayload: false, files: null },
    ...more,
  });

  it.each(["success", "skipped", "error", "bug", "progress"])("has the status %s (CD2)", (status) => {
    expect(readResult(of({ status }))).toEqual({ status, notes: [] });
  });

  it.each([null, "", "Success", "ok", 7, ["success"], { status: "success" }])("has no status %j (CD3)", (status) => {
    expect(readResult(of({ status }))).toMatch(/^"status" must be one of: success, skipped, error, bug/);
  });

  it("has its message as info, then its user logs with their levels; other members of those do not matter (C24 CD2)", () => {
    const userLogs = [
      { type: "error", message: "a", at: "now" },
      { type: "warning", message: "" },
      { type: "info", message: "b" },
    ];
    expect(readResult(of({ message: "said", userLogs }))).toEqual({
      status: "success",
      notes: [
        { level: "info", message: "said" },
        { level: "error", message: "a" },
        { level: "warning", message: "" },
        { level: "info", message: "b" },
      ],
    });
  });

  it.each([
    {},
    "x",
    7,
    ["x"],
    [null],
    [{ type: "info" }],
    [{ message: "x" }],
    [{ type: "debug", message: "x" }],
    [{ type: "info", message: 7 }],
  ])("has no user logs %j (CD2 CD3)", (userLogs) =>
    expect(readResult(of({ userLogs }))).toMatch(/^"user_logs" must be an array/),
  );

  it("says how many of its user logs were not kept (CD2)", () => {
    const userLogs = Array.from({ length: 250 }, (_, index) => ({ type: "info", message: `${index}` }));
    const { notes } = readResult(of({ userLogs })) as { notes: { level: string; message: string }[] };
    expect(notes).toHaveLength(101);
    expect(notes.at(-1)).toEqual({ level: "warning", message: "150 more entries were not stored." });
  });

  it("a message is text; anything else is nothing to say (C24 C25)", () => {
    expect(readMessage("said", "error")).toEqual([{ level: "error", message: "said" }]);
    for (const other of [null, undefined, "", " \n", 7, true, {}, ["said"]])
      expect(readMessage(other, "info")).toEqual([]);
  });
});
