/** An application that lets people in by the provider. The way back leads through the gateway. */
import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { createClient } from "hookback/client";
import { readCallbackCall, SignatureError } from "hookback/partner";

const {
  PORT = "9101",
  PROVIDER_URL = "http://127.0.0.1:9111",
  HOOKBACK_URL = "http://127.0.0.1:8787",
  HOOKBACK_WORKSPACE = "oauth-login-return",
  APP_TOKEN,
  HANDLER_SECRET = "",
} = process.env;

const { callbacks } = createClient({ url: HOOKBACK_URL, token: APP_TOKEN }).workspace(HOOKBACK_WORKSPACE);

/** PKCE verifiers of the logins that are under way, by the case of their callback. */
const verifiers = new Map();

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
  try {
    if (url.pathname === "/login") return await beginLogin(url, response);
    if (url.pathname === "/handler") return await finishLogin(request, response);
    if (url.pathname === "/welcome") return response.end(`Welcome, ${url.searchParams.get("user")}.\n`);
    response.writeHead(404).end();
  } catch (error) {
    console.error(`app: ${error}`);
    response.writeHead(error instanceof SignatureError ? 401 : 500).end();
  }
});

/** One callback for each login. Its state is what the provider brings back. */
async function beginLogin(url, response) {
  const callback = await callbacks.create({ config: "login" });
  const verifier = randomBytes(32).toString("base64url");
  verifiers.set(callback.callbackCaseId, verifier);
  const query = new URLSearchParams({
    ...{ response_type: "code", client_id: "app", state: callback.callbackState, code_challenge_method: "S256" },
    redirect_uri: callback.callbackUrl.replace(/\?.*/, ""),
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    ...(url.searchParams.has("user") && { login_hint: url.searchParams.get("user") }),
  });
  response.writeHead(302, { location: `${PROVIDER_URL}/authorize?${query}` }).end();
}

/** The gateway asks how the browser is answered: whoever the code is for goes to the welcome page. */
async function finishLogin(request, response) {
  const call = await readCallbackCall(await read(request), HANDLER_SECRET);
  const { code, error = "" } = call.requestQuery;
  const verifier = verifiers.get(call.callbackSystemCase);
  const answer = await fetch(`${PROVIDER_URL}/token`, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "authorization_code", code: code ?? "", code_verifier: verifier ?? "" }),
  });
  const { sub } = await answer.json();
  if (!answer.ok) {
    console.log("app: a login failed");
    response.writeHead(400, { "content-type": "application/json" });
    return response.end(JSON.stringify({ message: `You are not logged in. ${error}`.trim() }));
  }
  verifiers.delete(call.callbackSystemCase);
  console.log(`app: ${sub} is logged in`);
  const responseRedirectUrl = `http://127.0.0.1:${PORT}/welcome?${new URLSearchParams({ user: sub })}`;
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ responseRedirectUrl }));
}

/** The bytes as they came: the signature is over these. */
async function read(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return { headers: request.headers, body: Buffer.concat(chunks) };
}

server.listen(Number(PORT), "127.0.0.1", () => console.log(`The application listens on http://127.0.0.1:${PORT}`));
