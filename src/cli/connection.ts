/** The gateway, the token and the workspace: options override the environment, which overrides the login. */
import { type Client, createClient, type WorkspaceClient } from "../client/index.ts";
import { refused, wrongUsage } from "./failure.ts";
import { listOf, namesOf, suggest } from "./nearest.ts";
import { readSettings } from "./settings.ts";
import type { Terminal } from "./terminal.ts";

const DEFAULT_URL = "http://127.0.0.1:8787";

/** Available to the action of every command. */
export interface Context {
  readonly terminal: Terminal;
  /** Only for actions: the options are known when the command line has been parsed. */
  readonly connect: () => Connection;
}

interface ConnectionOptions {
  readonly url?: string | undefined;
  readonly workspace?: string | undefined;
}

export class Connection {
  readonly url: string;
  readonly options: ConnectionOptions;
  readonly env: NodeJS.ProcessEnv;
  readonly #token: string | undefined;
  #workspace: string | undefined;

  constructor(options: ConnectionOptions, env: NodeJS.ProcessEnv) {
    const login = readSettings(env);
    this.options = options;
    this.env = env;
    this.url = readUrl((options.url ?? env.HOOKBACK_URL) || (login?.url ?? DEFAULT_URL));
    // A token is only sent to the gateway that it belongs to.
    const own = login !== null && readUrl(login.url) === this.url ? login : undefined;
    this.#token = env.HOOKBACK_TOKEN || own?.token;
    this.#workspace = options.workspace ?? (env.HOOKBACK_WORKSPACE || own?.workspace);
  }

  get client(): Client {
    if (this.#token === undefined) {
      throw wrongUsage(`There is no token for ${this.url}.`, "Run hookback login, or set HOOKBACK_TOKEN.");
    }
    return createClient({ url: this.url, token: this.#token });
  }

  /** Names the source of a token that the gateway rejects. */
  get tokenHint(): string {
    return this.env.HOOKBACK_TOKEN
      ? "The token is that of HOOKBACK_TOKEN."
      : `The token is that of the login to ${this.url}: run hookback login for another.`;
  }

  /** The workspace, if it is known already. */
  get workspaceName(): string | undefined {
    return this.#workspace;
  }

  /** The named workspace, or else the only one. */
  async workspace(): Promise<WorkspaceClient> {
    this.#workspace ??= (await this.client.session()).workspace ?? (await this.#onlyWorkspace());
    return this.client.workspace(this.#workspace);
  }

  async #onlyWorkspace(): Promise<string> {
    const names = (await this.client.workspaces.all()).map(({ name }) => name);
    const [only, ...others] = names;
    if (only !== undefined && others.length === 0) return only;
    throw wrongUsage("Which workspace? Name it with --workspace NAME.", listOf(names));
  }

  /** When the workspace does not exist: an error that says so, with a similar name. */
  async explainMissing(): Promise<Error | null> {
    const name = this.workspaceName;
    const names = name === undefined ? null : await namesOf(this.client.workspaces);
    if (name === undefined || names === null || names.includes(name)) return null;
    return refused(`There is no workspace ${name}.`, { code: "not-found", hint: suggest(name, names) });
  }
}

export function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol))
    throw wrongUsage(`${text} is not a URL that begins with http:// or https://.`);
  return url.origin + url.pathname.replace(/\/+$/, "");
}
