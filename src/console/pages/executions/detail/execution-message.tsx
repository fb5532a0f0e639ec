import { Tabs } from "@cloudflare/kumo/components/tabs";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ExecutionDetail } from "../../../../client/index.ts";
import { useWorkspace } from "../../../data/api.tsx";
import { keyOf } from "../../../data/queries.ts";
import { useAction } from "../../../data/use-action.ts";
import { BodyView } from "../../../ui/body/body-view.tsx";
import { loadBody } from "../../../ui/body/load-body.ts";
import { saveFile } from "../../../ui/body/save-file.ts";
import { Loaded } from "../../../ui/data/loaded.tsx";
import { Section } from "../../../ui/page/page.tsx";

type Version = "now" | "input";

/** The original message, and the current one. */
export function ExecutionMessage({ execution: { id, status, steps } }: { readonly execution: ExecutionDetail }) {
  const workspace = useWorkspace();
  const [version, setVersion] = useState<Version>("input");
  const done = steps.filter((step) => step.status === "succeeded").length;
  const body = useQuery({
    // Each step that is done may have made another message of it.
    queryKey: keyOf(workspace, "executions", id, "message", version, ...(version === "now" ? [status, `${done}`] : [])),
    queryFn: async ({ signal }) => loadBody(await workspace.executions.message(id, version, { signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const download = useAction({
    run: async () => saveFile(await workspace.executions.message(id, version), `${id}-${version}`),
  });

  return (
    <Section
      title="Message"
      actions={
        <Tabs
          size="sm"
          value={version}
          onValueChange={(next) => setVersion(next as Version)}
          tabs={[
            { value: "input", label: "As it came" },
            { value: "now", label: status === "succeeded" ? "Result" : "As it is now" },
          ]}
        />
      }
    >
      <Loaded query={body} what="the message">
        {(shown) => <BodyView body={shown} onDownload={() => download.mutate()} />}
      </Loaded>
    </Section>
  );
}
