import { type ReactNode, useState } from "react";
import { useLocation } from "wouter";
import type { Adapter } from "../../../client/index.ts";
import { useWorkspace } from "../../data/api.tsx";
import { keyOf } from "../../data/queries.ts";
import { useAction } from "../../data/use-action.ts";
import { Form, SaveButtons } from "../../ui/form/form.tsx";
import { leaveFreely, useUnsavedGuard } from "../../ui/form/unsaved-guard.ts";
import type { AdapterDraft } from "./adapter-draft.ts";
import { AdapterFields } from "./adapter-fields.tsx";

interface Props {
  readonly initial: AdapterDraft;
  readonly save: (draft: AdapterDraft) => Promise<Adapter>;
  readonly done: (adapter: Adapter) => string;
  /** The words on the button. */
  readonly action: string;
  /** Something beside the draft has been typed. */
  readonly isTouched?: boolean;
  /** Fields below those of the adapter. */
  readonly children?: ReactNode;
}

/** The form of an adapter, new or not. */
export function AdapterForm({ initial, save, done, action, isTouched = false, children }: Props) {
  const workspace = useWorkspace();
  const [, navigate] = useLocation();
  const [saved, setSaved] = useState(initial);
  const [draft, setDraft] = useState(initial);
  useUnsavedGuard(draft !== saved || isTouched);
  const saving = useAction({
    run: () => save(draft),
    done,
    refresh: [keyOf(workspace, "adapters")],
    onDone: ({ id }) => {
      setSaved(draft);
      leaveFreely(() => navigate(`/adapters/${id}`));
    },
  });
  return (
    <Form label="Adapter" problem={saving.error} onSubmit={() => saving.mutate()}>
      <AdapterFields draft={draft} onChange={(part) => setDraft({ ...draft, ...part })} />
      {children}
      <SaveButtons label={action} permission="config.write" isPending={saving.isPending} cancel="/adapters" />
    </Form>
  );
}
