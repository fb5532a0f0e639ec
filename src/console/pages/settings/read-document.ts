import { ApiProblem } from "../../../client/index.ts";

/** The value of a JSON text; throws a problem that says where it cannot be read. */
export function readDocument(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const why = error instanceof Error ? error.message : "it cannot be read";
    throw new ApiProblem(0, "invalid-json", `This is not JSON: ${why}`, [{ field: placeOf(text, why), message: why }]);
  }
}

/** "line 3, column 7", if the message of the browser has the position. */
function placeOf(text: string, why: string): string {
  const at = /position (\d+)/.exec(why)?.[1];
  if (at === undefined) return "the text";
  const before = text.slice(0, Number(at)).split("\n");
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
