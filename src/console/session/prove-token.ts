/** Whether a token lets one in. */
import { ApiProblem, createClient } from "../../client/index.ts";

/** Permissions with which there is something to look at. */
const LOOKS = ["admin", "config.read", "callbacks.read", "executions.read"];

/** Why a token is refused; null when it is not. */
export async function proveToken(token: string): Promise<string | null> {
  try {
    const { permissions } = await createClient({ token }).session();
    if (permissions.some((permission) => LOOKS.includes(permission))) return null;
    return "This token may not look at anything. Use one with a permission to read, such as executions.read.";
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    return error.status === 401 ? "The gateway does not know this token, or it has expired." : error.detail;
  }
}
