import type { Permission } from "../../client/index.ts";
import { NAVIGATION } from "../pages/table.ts";

/** Path of the first page that the permissions allow; empty for the overview. */
export function home(may: (permission: Permission) => boolean): string {
  const first = NAVIGATION.flat().find(({ permission }) => may(permission));
  return first === undefined || first.path === "/" ? "" : first.path;
}
