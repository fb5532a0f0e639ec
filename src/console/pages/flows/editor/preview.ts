/** The message that templates are previewed with: a sample, or the one of an execution. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useWorkspace } from "../../../data/api.tsx";
import { keyOf, secretsQuery } from "../../../data/queries.ts";
import { loadBody, type ShownBody } from "../../../ui/body/load-body.ts";
import type { PreviewValues } from "../../../ui/template/rendered.tsx";
import { useEngine } from "../../../ui/template/use-engine.ts";

export type PreviewSource = "off" | "sample" | "execution";

export interface PreviewSettings {
  readonly source: PreviewSource;
  readonly sample: string;
  readonly contentType: string;
  /** Id of an execution; empty until one is chosen. */
  readonly execution: string;
  readonly at: "now" | "input";
}

export const NO_PREVIEW: PreviewSettings = {
  source: "off",
  sample: '{\n  "id": 1\n}',
  contentType: "application/json",
  execution: "",
  at: "input",
};

/** The execution id of a sample. */
const NO_EXECUTION = "00000000-0000-8000-8000-000000000000";

export interface Preview {
  /** Null until there is a message, and the engine. */
  readonly values: PreviewValues | null;
  readonly body: ShownBody | undefined;
  readonly error: Error | null;
  readonly isLoading: boolean;
}

export function usePreview(settings: PreviewSettings, trigger: string): Preview {
  const { source, sample, contentType, execution, at } = settings;
  const workspace = useWorkspace();
  const isOn = source !== "off";
  const { engine, error: engineError } = useEngine(isOn);
  const secrets = useQuery({ ...secretsQuery(workspace), enabled: isOn });
  const isPast = source === "execution" && execution !== "";
  const past = useQuery({
    queryKey: keyOf(workspace, "executions", execution, "message", at, "preview"),
    queryFn: async ({ signal }) => loadBody(await workspace.executions.message(execution, at, { signal })),
    enabled: isPast,
  });
  const own = useMemo<ShownBody>(
    () => ({ bytes: new TextEncoder().encode(sample), contentType: contentType || null, isCut: false }),
    [sample, contentType],
  );
  const body = source === "sample" ? own : isPast ? past.data : undefined;
  const names = secrets.data;
  const values = useMemo(() => {
    if (!engine || !body || body.isCut) return null;
    const message = engine.messageOf({ bytes: body.bytes, type: body.contentType, size: body.bytes.length });
    return {
      engine,
      values: {
        message,
        // The browser never gets their values.
        secrets: Object.fromEntries((names ?? []).map(({ name }) => [name, `(secret ${name})`])),
        execution: { id: execution || NO_EXECUTION },
        trigger: { name: trigger },
      },
    };
  }, [engine, body, names, execution, trigger]);
  return { values, body, error: engineError ?? past.error, isLoading: isOn && (!engine || (isPast && past.isPending)) };
}
