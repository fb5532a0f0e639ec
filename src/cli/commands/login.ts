/** Logging in: which gateway, with which token. */
import { ApiProblem, createClient, type SessionInfo } from "../../client/index.ts";
import { command } from "../command.ts";
import { readUrl } from "../connection.ts";
import { EXIT, refused, unreachable, wrongUsage } from "../failure.ts";
import { ask, askHidden, canAsk } from "../prompt.ts";
import { forgetSettings, saveSettings } from "../settings.ts";
import { firstLineOf } from "../stdin.ts";
import type { Terminal } from "../terminal.ts";

const SEND_TOKEN = "Type it, or send it: echo TOKEN | hookback login --url URL";

export const login = command({
  name: "login",
  summary: "remember a gateway and a token",
  details: `Asks for the URL and the token, tries them, and keeps them in ~/.config/hookback/config.json, which only you can
read. Where nobody can be asked, the token is the first line of stdin:

  echo "$ADMIN_TOKEN" | hookback login --url https://gateway.example

With --workspace NAME that workspace is used where none is named.`,
  run: async ({ values, connection, terminal }) => {
    const isAsking = canAsk();
    // It would show what is typed.
    if (!isAsking && process.stdin.isTTY) throw wrongUsage("Nobody can be asked.", SEND_TOKEN);
    const url = readUrl(values.url ?? ((isAsking ? await ask(`Gateway [${connection.url}]: `) : "") || connection.url));
    const token = isAsking ? await askHidden("Token: ") : await firstLineOf(process.stdin);
    if (!token) throw wrongUsage("There is no token.", SEND_TOKEN);
    const { hostname, protocol } = new URL(url);
    if (protocol === "http:" && !/^(?:localhost|127\..*|\[::1\])$/.test(hostname)) {
      terminal.note("Mind that the token goes over the network unencrypted: the URL begins with http://.");
    }
    const session = await createClient({ url, token })
      .session()
      .catch((error: unknown) => explain(error, url));
    const { workspace } = values;
    const file = saveSettings(connection.env, { url, token, ...(workspace !== undefined && { workspace }) });
    show(terminal, url, session);
    terminal.note(`Kept in ${file}.`);
    return EXIT.ok;
  },
});

function explain(error: unknown, url: string): never {
  if (!(error instanceof ApiProblem)) throw error;
  if (error.status === 0) throw unreachable(url, error);
  if (error.status !== 401) throw error;
  const hint = "It takes its ADMIN_TOKEN, and the personal access tokens that have not expired.";
  throw refused(`${url} does not take this token.`, { code: error.code, hint });
}

export const logout = command({
  name: "logout",
  summary: "forget the gateway and the token",
  run: async ({ connection }) => {
    forgetSettings(connection.env);
    return EXIT.ok;
  },
});

export const whoami = command({
  name: "whoami",
  summary: "show the gateway, and what the token may do there",
  run: async ({ connection, terminal }) => {
    show(terminal, connection.url, await connection.client.session());
    return EXIT.ok;
  },
});

function show(terminal: Terminal, url: string, { label, permissions, workspace }: SessionInfo): void {
  const where = workspace === undefined ? "in every workspace" : `in the workspace ${workspace}`;
  if (terminal.isJson) terminal.printJson({ url, label, permissions, ...(workspace && { workspace }) });
  else terminal.print(`${label} on ${url}, ${where}: ${permissions.join(", ")}`);
}
