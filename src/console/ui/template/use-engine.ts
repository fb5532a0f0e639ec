/** The gateway's own template engine, loaded when a preview is wanted for the first time. */
import { useQuery } from "@tanstack/react-query";
import type { templateValue } from "../../../core/message/body.ts";
import type { renderBody } from "../../../core/message/request-values.ts";
import type { renderTemplate } from "../../../core/message/template.ts";

export interface Engine {
  readonly renderTemplate: typeof renderTemplate;
  readonly renderBody: typeof renderBody;
  /** A message as templates see it. */
  readonly messageOf: typeof templateValue;
}

/** Undefined until it is there. */
export function useEngine(isWanted: boolean): { readonly engine: Engine | undefined; readonly error: Error | null } {
  const { data, error } = useQuery({
    queryKey: ["template-engine"],
    queryFn: async (): Promise<Engine> => {
      const [body, values, template] = await Promise.all([
        import("../../../core/message/body.ts"),
        import("../../../core/message/request-values.ts"),
        import("../../../core/message/template.ts"),
      ]);
      return {
        messageOf: body.templateValue,
        renderBody: values.renderBody,
        renderTemplate: template.renderTemplate,
      };
    },
    enabled: isWanted,
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  });
  return { engine: data, error };
}
