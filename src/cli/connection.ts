/** Which gateway, with which token, in which workspace: options before the environment before the login. */
import { type Client, createClient, type WorkspaceClient } from "../client/index.ts";
import { refused, wrongUsage } from "./failure.ts";
import { didYouMean } from "./nearest.ts";
import { readSettings } from "./settings.ts";

export const DEFAULT_URL = "http://127.0.0.1:8787";

interface Wanted {
  readonly url?: string;
  readonly workspace?: string;
}

export class Connection {
  readonly url: string;
  readonly env: NodeJS.ProcessEnv;
  readonly #token: string | undefined;
  #workspace: string | undefined;

  constructor(wanted: Wanted, env: NodeJS.ProcessEnv) {
    const login = readSettings(env);
    this.env = env;
    this.url = readUrl((wanted.url ?? env.HOOKBACK_URL) || (login?.url ?? DEFAULT_URL));
    const isLogin = login !== null && readUrl(login.url) === this.url;
    // The token of one gateway is no other gateway's business.
    this.#token = env.HOOKBACK_TOKEN || (isLogin ? login.token : undefined);
    this.#workspace = wanted.workspace ?? (env.HOOKBACK_WORKSPACE || (isLogin ? login.workspace : undefined));
  }

  get client(): Client {
    if (this.#token === undefined) {
      throw wrongUsage(`There is no token for ${this.url}.`, "Run hookback login, or set HOOKBACK_TOKEN.");
    }
    return createClient({ url: this.url, token: this.#token });
  }

  /** Where the token comes from, to one that does not do. */
  get tokenHint(): string {
    return this.env.HOOKBACK_TOKEN
      ? "The token is that of HOOKBACK_TOKEN."
      : `The token is that of the login to ${this.url}: run hookback login for another.`;
  }

  /** The workspace as far as it is known by now. */
  get workspaceName(): string | undefined {
    return this.#workspace;
  }

  /** The workspace that was named, or the only one there is. */
  async workspace(): Promise<WorkspaceClient> {
    this.#workspace ??= (await this.client.session()).workspace ?? (await this.#onlyWorkspace());
    return this.client.workspace(this.#workspace);
  }

  async #onlyWorkspace(): Promise<string> {
    const names = (await this.client.workspaces.all()).map(({ name }) => name);
    const [only, ...others] = names;
    if (only !== undefined && others.length === 0) return only;
    const there = names.length > 0 ? `There are: ${names.join(", ")}.` : "There is none yet.";
    throw wrongUsage("Which workspace? Name it with --workspace NAME.", there);
  }

  /** In place of `not found`: the workspace that does not exist, with the one that was probably meant. */
  async explainMissing(): Promise<Error | null> {
    const name = this.#workspace;
    if (name === undefined) return null;
    const names = await this.client.workspaces.all().then(
      (all) => all.map((workspace) => workspace.name),
      () => null,
    );
    if (names === null || names.includes(name)) return null;
    const hint = didYouMean(name, names) ?? (names.length > 0 ? `There are: ${names.join(", ")}.` : undefined);
    return refused(`There is no workspace ${name}.`, { code: "not-found", hint });
  }
}

export function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol))
    throw wrongUsage(`${text} is not a URL that begins with http:// or https://.`);
  return url.origin + url.pathname.replace(/\/+$/, "");
}
