/** The descriptions of fields, for the reference and for help in forms. */
import { z } from "zod";

/** The description of each field by its path, such as `retry.delaysSeconds` or `query[].name`. */
export function descriptionsOf(schema: z.core.$ZodType): Record<string, string> {
  const texts: Record<string, string> = {};
  const walk = (type: z.core.$ZodType, path: string): void => {
    const { def } = (type as z.core.$ZodTypes)._zod;
    if (def.type === "array") walk(def.element, `${path}[]`);
    if (def.type === "union") for (const option of def.options) walk(option, path);
    if ("innerType" in def) walk(def.innerType, path);
    if (def.type !== "object") return;
    for (const [name, field] of Object.entries(def.shape)) {
      const at = path === "" ? name : `${path}.${name}`;
      const [known, text] = [texts[at] ?? "", descriptionOf(field)];
      // Alternatives may describe the same field differently, such as its `type`.
      if (!known.includes(text)) texts[at] = `${known} ${text}`.trim();
      walk(field, at);
    }
  };
  walk(schema, "");
  return texts;
}

/** The description of a schema itself, or of the one that it makes optional. */
function descriptionOf(type: z.core.$ZodType): string {
  const { def } = (type as z.core.$ZodTypes)._zod;
  const own = z.globalRegistry.get(type)?.description;
  return own ?? ("innerType" in def ? descriptionOf(def.innerType) : "");
}
