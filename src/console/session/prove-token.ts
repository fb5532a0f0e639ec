import { ApiProblem, createClient } from "../../client/index.ts";
import { NAVIGATION } from "../pages/table.ts";

/** Returns why a token cannot be used for the console; null when it can. */
export async function proveToken(token: string): Promise<string | null> {
  try {
    const { permissions } = await createClient({ token }).session();
    const canSeeAPage = NAVIGATION.flat().some(({ permission }) => permissions.includes(permission));
    if (canSeeAPage || permissions.includes("admin")) return null;
    return "This token may not look at anything. Use one with a permission to read, such as executions.read.";
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    return error.status === 401 ? "The gateway does not know this token, or it has expired." : error.detail;
  }
}
