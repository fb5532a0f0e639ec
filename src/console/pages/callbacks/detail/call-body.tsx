import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { CallbackCall } from "../../../../client/index.ts";
import { useWorkspace } from "../../../data/api.tsx";
import { keyOf } from "../../../data/queries.ts";
import { useAction } from "../../../data/use-action.ts";
import { BodyView } from "../../../ui/body/body-view.tsx";
import { loadBody, SHOWN_BYTES, type ShownBody } from "../../../ui/body/load-body.ts";
import { saveFile } from "../../../ui/body/save-file.ts";
import { Loaded } from "../../../ui/data/loaded.tsx";

interface Props {
  readonly state: string;
  readonly call: CallbackCall;
}

/** The body of a call: in the record when it is small, stored apart when it is large. */
export function CallBody({ state, call }: Props) {
  const shown = useMemo(() => shownBody(call), [call]);
  if (call.bodySize === 0) return <p className="subtle">There was no body.</p>;
  if (shown) return <BodyView body={shown} />;
  // A flow that a call has started has the body as its message.
  if (call.note?.startsWith("Started execution")) return <p className="subtle">It is the message of the execution.</p>;
  return <StoredBody state={state} number={call.number} />;
}

function StoredBody({ state, number }: { readonly state: string; readonly number: number }) {
  const workspace = useWorkspace();
  const body = useQuery({
    queryKey: keyOf(workspace, "callback-bodies", state, `${number}`),
    queryFn: async ({ signal }) => loadBody(await workspace.callbacks.callBody(state, number, { signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const download = useAction({
    run: async () => saveFile(await workspace.callbacks.callBody(state, number), `${state}-${number}`),
  });
  return (
    <Loaded query={body} what="the body">
      {(loaded) => <BodyView body={loaded} onDownload={() => download.mutate()} />}
    </Loaded>
  );
}

/** Null when the body is not in the record. */
function shownBody({ body, bodyEncoding, contentType }: CallbackCall): ShownBody | null {
  if (body === null) return null;
  const bytes =
    bodyEncoding === "base64"
      ? Uint8Array.from(atob(body), (character) => character.charCodeAt(0))
      : new TextEncoder().encode(body);
  return { bytes: bytes.slice(0, SHOWN_BYTES), contentType, isCut: bytes.length > SHOWN_BYTES };
}
