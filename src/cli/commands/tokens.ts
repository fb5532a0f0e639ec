/** Tokens for partners and programs. */
import type { Permission, TokenInput } from "../../client/index.ts";
import { command } from "../command.ts";
import { EXIT } from "../failure.ts";

export const tokenCreate = command({
  name: "token create",
  summary: "make a personal access token and print it, this once",
  args: ["<label>"],
  options: {
    permission: {
      ...{ type: "string", multiple: true, value: "NAME" },
      summary: "what it may do, as often as needed; asyncflow.callback.send unless told",
    },
    expires: {
      type: "string",
      value: "TIME",
      summary: "when it ends, such as 2030-01-01T00:00:00Z; never unless told",
    },
  },
  details: "It serves one workspace.",
  run: async ({ args: [label = ""], values, connection, terminal }) => {
    const { name } = await connection.workspace();
    const permissions = (values.permission ?? ["asyncflow.callback.send"]) as Permission[];
    const input: TokenInput = {
      label,
      permissions,
      workspace: name,
      ...(values.expires && { expiresAt: values.expires }),
    };
    const made = await connection.client.tokens.create(input);
    if (terminal.isJson) terminal.printJson(made);
    else terminal.print(made.token);
    return EXIT.ok;
  },
});
