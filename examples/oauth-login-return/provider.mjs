/** A toy identity provider: it knows one application, believes every name, and has the two endpoints that a login needs. */
import { createHash, randomUUID } from "node:crypto";
import { createServer } from "node:http";

const { PORT = "9111", HOOKBACK_URL = "http://127.0.0.1:8787" } = process.env;
/** Registered in advance, and the only place where a browser is sent to. */
const REDIRECT_URI = `${HOOKBACK_URL}/cbq/state`;

/** Codes that were given out and not used, with the user and the PKCE challenge. */
const codes = new Map();

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
  if (url.pathname === "/authorize") return authorize(url, response);
  if (url.pathname === "/token") return token(new URLSearchParams(await readText(request)), response);
  response.writeHead(404).end();
});

/** The page where one logs in. A `login_hint` is taken for the login itself, so that curl can play the browser. */
function authorize(url, response) {
  const { redirect_uri, state, code_challenge, login_hint } = Object.fromEntries(url.searchParams);
  if (redirect_uri !== REDIRECT_URI) return response.writeHead(400).end("This redirect URI is not registered.\n");
  if (!login_hint) {
    const fields = [...url.searchParams].map(
      ([name, value]) => `<input type=hidden name="${name}" value="${attribute(value)}">`,
    );
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    return response.end(
      `<!doctype html><form>${fields.join("")}Your name <input name=login_hint> <button>Log in</button></form>`,
    );
  }
  const code = randomUUID();
  codes.set(code, { user: login_hint, challenge: code_challenge });
  response.writeHead(302, { location: `${redirect_uri}?${new URLSearchParams({ code, state })}` }).end();
}

/** A code is good once, for whoever knows the verifier of its challenge. */
function token(form, response) {
  const { user, challenge } = codes.get(form.get("code")) ?? {};
  codes.delete(form.get("code"));
  const isGenuine =
    challenge ===
    createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
  const [status, body] = isGenuine ? [200, { sub: user }] : [400, { error: "invalid_grant" }];
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

const attribute = (text) => text.replace(/[&<"]/g, (character) => `&#${character.charCodeAt(0)};`);

async function readText(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

server.listen(Number(PORT), "127.0.0.1", () => console.log(`The provider listens on http://127.0.0.1:${PORT}`));
