/** The gateway and the token that other commands use. */
import { Command } from "@commander-js/extra-typings";
import { ApiProblem, createClient, type SessionInfo } from "../../client/index.ts";
import { type Context, readUrl } from "../connection.ts";
import { refused, unreachable, wrongUsage } from "../failure.ts";
import { ask, askHidden, canAsk, readFirstLine } from "../prompt.ts";
import { deleteSettings, saveSettings } from "../settings.ts";
import type { Terminal } from "../terminal.ts";

const SEND_TOKEN = "Type it, or send it: echo TOKEN | hookback login --url URL";

export const login = ({ terminal, connect }: Context) =>
  new Command("login")
    .summary("remember a gateway and a token")
    .description(
      `Asks for the URL and the token, tries them, and stores them in ~/.config/hookback/config.json, which only you can read. Without a terminal, the token is the first line of stdin:

  echo "$ADMIN_TOKEN" | hookback login --url https://gateway.example

With --workspace NAME, that workspace is the default.`,
    )
    .action(async () => {
      const connection = connect();
      const { url: given, workspace } = connection.options;
      const isAsking = canAsk();
      // Without a hidden prompt, the terminal would show the token.
      if (!isAsking && process.stdin.isTTY) throw wrongUsage("Nobody can be asked.", SEND_TOKEN);
      const url = readUrl(given ?? ((isAsking ? await ask(`Gateway [${connection.url}]: `) : "") || connection.url));
      const token = isAsking ? await askHidden("Token: ") : await readFirstLine();
      if (!token) throw wrongUsage("There is no token.", SEND_TOKEN);
      const { hostname, protocol } = new URL(url);
      if (protocol === "http:" && !/^(?:localhost|127\..*|\[::1\])$/.test(hostname)) {
        terminal.note("Warning: the token is sent unencrypted, because the URL begins with http://.");
      }
      const session = await createClient({ url, token })
        .session()
        .catch((error: unknown) => explain(error, url));
      const file = saveSettings(connection.env, { url, token, ...(workspace !== undefined && { workspace }) });
      show(terminal, url, session);
      terminal.note(`Stored in ${file}.`);
    });

function explain(error: unknown, url: string): never {
  if (!(error instanceof ApiProblem)) throw error;
  if (error.status === 0) throw unreachable(url, error);
  if (error.status !== 401) throw error;
  const hint = "It accepts its ADMIN_TOKEN, and personal access tokens that have not expired.";
  throw refused(`${url} does not take this token.`, { code: error.code, hint });
}

export const logout = ({ connect }: Context) =>
  new Command("logout").summary("forget the gateway and the token").action(() => deleteSettings(connect().env));

export const whoami = ({ terminal, connect }: Context) =>
  new Command("whoami").summary("show the gateway, and what the token may do there").action(async () => {
    const { url, client } = connect();
    show(terminal, url, await client.session());
  });

function show(terminal: Terminal, url: string, { label, permissions, workspace }: SessionInfo): void {
  const where = workspace === undefined ? "in every workspace" : `in the workspace ${workspace}`;
  terminal.printResult(
    { url, label, permissions, ...(workspace && { workspace }) },
    `${label} on ${url}, ${where}: ${permissions.join(", ")}`,
  );
}
