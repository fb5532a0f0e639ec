/** Adapters with one fault each, and the checks that find it. */
import { file, sign } from "./adapter-example.ts";
import { ACKNOWLEDGEMENT, type Behaviour, isRight, json } from "./faulty-adapter.ts";

export const LATER = { acknowledge: ACKNOWLEDGEMENT };
const FORGED = ["wrong-signature", "missing-signature", "changed-byte"];
export const hexadecimal = (body: string) => Buffer.from(sign(body), "base64").toString("hex");
const result = (more: object): Behaviour["result"] => {
  return ({ callback }) => ({ callback, status: "success", ...more });
};
const reserialised: Behaviour["isSigned"] = ({ headers, body }) =>
  headers["x-chainio-signature"] === sign(JSON.stringify(JSON.parse(body.toString())));
const remembering = (name: string): Behaviour["result"] => {
  const tokens = new Map<string | undefined, string>();
  return ({ callback }, { headers }) => {
    const key = headers[name];
    if (!tokens.has(key)) tokens.set(key, callback);
    return { callback: tokens.get(key), status: "success" };
  };
};
const knowingOne = (name: string): Behaviour["instead"] => {
  let known: string | undefined;
  return (_, { headers }) => {
    known ??= headers[name];
    return headers[name] === known ? undefined : json({ message: "unknown" }, 403);
  };
};
const only = (usable: (request: Parameters<Behaviour["instead"]>[0]) => boolean, status: number) =>
  ({
    instead: (request) => (usable(request) ? undefined : json({ message: "no" }, status)),
  }) satisfies Partial<Behaviour>;

const twice: Behaviour["deliver"] = async (post) => {
  await post();
  await post();
};
const stubbornly: Behaviour["deliver"] = async (post) => {
  for (let attempt = 1; attempt <= 5 && (await post()) !== 200; attempt++);
};

export const FAULTS: readonly (readonly [string, Partial<Behaviour>, readonly string[]])[] = [
  ["does not verify", { isSigned: () => true }, FORGED],
  [
    "takes unsigned requests",
    { isSigned: (one) => !one.headers["x-chainio-signature"] || isRight(one) },
    ["missing-signature"],
  ],
  [
    "only looks whether there is a signature",
    { isSigned: ({ headers }) => !!headers["x-chainio-signature"] },
    ["wrong-signature", "changed-byte"],
  ],
  ["refuses with 500", { refuse: json({ message: "no" }, 500) }, FORGED],
  ["verifies JSON that it serialised anew", { isSigned: reserialised }, ["exact-bytes"]],
  [
    "expects hexadecimal",
    { isSigned: ({ headers, body }) => headers["x-chainio-signature"] === hexadecimal(body.toString()) },
    ["answers-200"],
  ],
  ["answers 201", { status: 201 }, ["answers-200"]],
  ["redirects", { instead: () => ({ status: 307, headers: { location: "/there" } }) }, ["answers-200"]],
  ["signs its reply in hexadecimal", { replySignature: hexadecimal }, ["reply-signature"]],
  [
    "changes the callback",
    { result: ({ callback }) => ({ callback: `${callback}=`, status: "success" }) },
    ["callback-unmodified"],
  ],
  ["has a status of its own", { result: result({ status: "ok" }) }, ["result-status"]],
  ["has logs of its own", { result: result({ user_logs: [{ level: "info", text: "hi" }] }) }, ["result-user-logs"]],
  ["has files of its own", { result: result({ files: [{ name: "a.txt", content: "hi" }] }) }, ["result-files"]],
  [
    "has a fifth key in files",
    { result: result({ files: [{ ...file("a.txt", "text/plain", "hi"), size: 2 }] }) },
    ["result-files"],
  ],
  ["crashes without files", only(({ payload }) => (payload as []).length > 0, 500), ["empty-payload"]],
  [
    "needs a length",
    { instead: (_, { headers }) => (headers["content-length"] ? undefined : json({ message: "length" }, 411)) },
    ["large-body"],
  ],
  [
    "refuses keys it does not know",
    only(({ configuration }) => Object.keys(configuration).length === 0, 422),
    ["unknown-configuration"],
  ],
  ["serves one workspace only", { instead: knowingOne("x-chainio-workspace-id") }, ["other-ids"]],
  ["remembers results by flow", { result: remembering("x-chainio-flow-id") }, ["own-token"]],
  [
    "says neither result nor message",
    { instead: () => ({ body: "OK" }) },
    ["result-or-acknowledgement", "callback-arrives"],
  ],
  ["acknowledges without message", { acknowledge: json({}) }, ["result-or-acknowledgement"]],
  ["never calls back", { ...LATER, deliver: async () => {} }, ["callback-arrives"]],
  ["does not sign callbacks", { ...LATER, callbackSignature: () => null }, ["callback-signature"]],
  ["signs callbacks in hexadecimal", { ...LATER, callbackSignature: hexadecimal }, ["callback-signature"]],
  [
    "signs callbacks over other bytes",
    { ...LATER, callbackSignature: (body) => sign(`${body}\n`) },
    ["callback-signature"],
  ],
  [
    "changes the callback later",
    { ...LATER, result: ({ callback }) => ({ callback: callback.toLowerCase(), status: "success" }) },
    ["callback-unmodified"],
  ],
  ["calls back with files of its own", { ...LATER, result: result({ files: {} }) }, ["result-files"]],
  ["sends two results", { ...LATER, deliver: twice }, ["one-result"]],
  ["replies with the result and calls back", { callsBackToo: true }, ["one-result"]],
  ["does not stop", { ...LATER, deliver: stubbornly }, ["stops-after-409", "stops-after-410"]],
  ["works for whom it refuses", { ...LATER, worksUnasked: true }, ["silent-after-refusal"]],
];
