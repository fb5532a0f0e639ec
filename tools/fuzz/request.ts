/** The requests that are sent: drafts with the ids, names and tokens of a gateway. */
import { createHmac } from "node:crypto";
import type { Draft, Identity, Owner, Param } from "./draft.ts";
import { TRIGGER_NAMES } from "./triggers.ts";
import type { Pool, World } from "./world.ts";

export interface FuzzRequest {
  readonly route: string;
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | null;
  readonly owner: Owner;
  /** True when the token is valid for every workspace, so that the answer may contain the victim's data. */
  readonly seesAll: boolean;
}

/** A client address per request, so that the abuse limit rarely blocks one for earlier requests. */
export const anyAddress = (random: number) => `2001:db8::${Math.floor(random * 0x10000).toString(16)}`;

/** The victim's triggers that nobody can call without its keys. */
const CLOSED = ["keyed", "password", "signed", "hmac"];
const SECRET = "hidden";

export function requestOf(draft: Draft, world: World, random: number): FuzzRequest {
  const pool = draft.owner === "nobody" ? new Map<string, string[]>() : world.pools[draft.owner];
  const path = fillPath(draft, world, pool);
  const partner = `${world.partner}/${draft.owner}`;
  const body = draft.body === null ? null : fillBody(draft.body, partner, pool, random);
  const query = draft.query.map(([name, value]) => `${encode(name)}=${encode(value)}`).join("&");
  const sent = path + stateQuery(draft, pool) + (query === "" ? "" : `${path.includes("?") ? "&" : "?"}${query}`);
  const headers = [
    ["cf-connecting-ip", anyAddress(random)] as const,
    ...credentials(draft, world),
    ...(draft.isSigned ? signatures(draft, body ?? "", pool) : []),
    ...draft.headers.map(([name, value]) => [name, headerValue(value)] as const),
  ];
  const seesAll = draft.route.startsWith("admin") && ["root", "builder"].includes(draft.identity);
  const { route, owner } = draft;
  const whole = `${cleanPath(sent)}${draft.tail}`;
  // The three tenants must not be deleted during the run.
  const method = endsTenant(draft.method, whole, world) ? "GET" : draft.method;
  return { route, method, path: whole, headers, body, owner, seesAll };
}

function endsTenant(method: string, path: string, { steady, scratch, victim }: World): boolean {
  if (method !== "DELETE" || !URL.canParse(path, "http://gateway")) return false;
  const { pathname } = new URL(path, "http://gateway");
  return [steady, scratch, victim].some(({ name }) => pathname.replace(/\/+$/, "").endsWith(`/workspaces/${name}`));
}

function fillPath({ route, path, params, owner, isEncoded }: Draft, world: World, pool: Pool): string {
  let next = 0;
  const base = route.startsWith("admin") ? "/api/v1" : "";
  const isWorkspaceItself = path === "/workspaces/:ws";
  return (
    base +
    path.replaceAll(/(?:([^/:]+)\/)?:(\w+)|\*/g, (_, before: string | undefined, name: string | undefined) => {
      const param = params[next++] ?? { pick: 0, text: null, flip: null };
      const lead = before === undefined ? "" : `${before}/`;
      if (name === undefined) return encodeURI((param.text ?? "_assets/x").toWellFormed());
      if (name === "ws" || name === "workspace") return lead + workspaceName(param, owner, isWorkspaceItself, world);
      if (name === "trigger" && before === undefined)
        return owner === "victim" ? one(CLOSED, param) : triggerName(param, pool);
      // The known keys belong to this trigger.
      if (name === "trigger" && path.includes("/keys") && param.text === null) return `${lead}keyed`;
      const noun = before === "cb" ? "callbacks" : (before ?? name);
      // The victim's callbacks are public, so their answers are legitimate.
      const known = before === "cb" && owner === "victim" ? [] : (pool.get(noun) ?? []);
      return lead + textOf(param, known, isEncoded);
    })
  );
}

/** Requests to a workspace itself may change and delete it, so they use other workspaces than the three tenants. */
function workspaceName(param: Param, owner: Owner, isItself: boolean, world: World): string {
  if (isItself && param.text === null) return `w-${param.pick % 10}`;
  if (owner === "nobody" || (isItself && param.text !== null)) return encode(param.text ?? "nobody");
  return world[owner].name;
}

const triggerName = (param: Param, pool: Pool) => textOf(param, pool.get("triggers") ?? TRIGGER_NAMES, true);

const one = (known: readonly string[], { pick }: Param) => known[pick % known.length] ?? "";

function textOf(param: Param, known: readonly string[], isEncoded: boolean): string {
  const { text, flip } = param;
  if (text !== null || known.length === 0) return isEncoded ? encode(text ?? "nothing") : (text ?? "");
  const value = one(known, param);
  if (flip === null) return encode(value);
  const at = flip % Math.max(value.length, 1);
  return encode(value.slice(0, at) + (value[at] === "a" ? "b" : "a") + value.slice(at + 1));
}

/** `/cbq/state` reads its state from the query. */
function stateQuery({ path, params, owner, isSigned }: Draft, pool: Pool): string {
  if (!path.startsWith("/cbq/") || owner === "victim" || isSigned) return "";
  const param = params[3];
  return param ? `?state=${textOf(param, pool.get("callbacks") ?? [], true)}` : "";
}

function credentials({ route, identity, owner, params }: Draft, world: World): [string, string][] {
  const token = tokenOf(identity, owner, world, params[3]?.pick ?? 0);
  if (token === null || (route.startsWith("public") && !route.endsWith("/cb"))) return [];
  return [["authorization", `Bearer ${token}`]];
}

function tokenOf(identity: Identity, owner: Owner, world: World, pick: number): string | null {
  const own = owner === "steady" ? world.steady.token : world.scratch.token;
  switch (identity) {
    case "own":
      return own;
    case "other":
      return owner === "steady" ? world.scratch.token : world.steady.token;
    case "builder":
      return world.builder;
    case "root":
      return world.rootToken;
    case "malformed":
      return own.slice(0, pick % own.length) + (pick % 2 ? "_" : "A") + own.slice((pick % own.length) + 1);
    case "none":
      return null;
  }
}

/** Valid credentials and signatures over the body, for triggers and the adapter endpoint. */
function signatures({ path }: Draft, body: string, pool: Pool): [string, string][] {
  const sign = (algorithm: string, encoding: "hex" | "base64", text: string) =>
    createHmac(algorithm, SECRET).update(text).digest(encoding);
  const seconds = String(Math.floor(Date.now() / 1000));
  if (path === "/adapter/callback") return [["x-chainio-signature", sign("sha256", "base64", body)]];
  if (path === "/cb") {
    return [
      ["x-link-correlation-id", pool.get("correlations")?.at(-1) ?? ""],
      ["x-link-status", "Ok"],
    ];
  }
  if (!path.startsWith("/:workspace/:trigger")) return [];
  return [
    ["x-api-key", pool.get("api-keys")?.[0] ?? ""],
    ["x-hub-signature-256", `sha256=${sign("sha256", "hex", body)}`],
    ["x-at", seconds],
    ["x-sign", sign("sha512", "base64", `${seconds}.${body}`)],
    ["x-slack-request-timestamp", seconds],
    ["x-slack-signature", `v0=${sign("sha256", "hex", `v0:${seconds}:${body}`)}`],
    ["content-type", "application/json"],
  ];
}

/** Replaces references such as `@flows`. */
function fillBody(text: string, partner: string, pool: Pool, random: number): string {
  return text
    .replaceAll("@partner", partner)
    .replaceAll("@random", `a-${Math.floor(random * 300)}`)
    .replaceAll(/@([a-z]+(?:-[a-z]+)*)/g, (whole, noun: string) => {
      const known = pool.get(noun);
      return known ? (known[Math.floor(random * known.length)] ?? whole) : whole;
    });
}

const encode = (text: string) => encodeURIComponent(text.toWellFormed());

/** Percent-encodes characters that a request line cannot contain. */
const cleanPath = (path: string) =>
  path
    .replaceAll(/[^\u0021-\u007e]/gu, (character) => encodeURIComponent(character.toWellFormed()))
    .replaceAll("#", "%23");

/** The bytes of a text as a header carries them, without those that end it. */
const headerValue = (value: string) =>
  Buffer.from(value)
    .toString("latin1")
    .replaceAll(/[^\u0020-\u007e\u0080-\u00ff]/g, "");
