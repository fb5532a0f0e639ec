import { Banner } from "@cloudflare/kumo/components/banner";
import { Button } from "@cloudflare/kumo/components/button";
import { useState } from "react";
import type { Workspace } from "../../../client/index.ts";
import type { BUILT_IN_DOCUMENT_STATUSES } from "../../../core/execution/document-status.ts";
import { useClient } from "../../data/api.tsx";
import { useMay } from "../../data/permissions.ts";
import { useAction } from "../../data/use-action.ts";
import { bind } from "../../ui/form/fields/bind.ts";
import { FieldHelp } from "../../ui/form/fields/field-help.tsx";
import { TextField } from "../../ui/form/fields/fields.tsx";
import { Rows } from "../../ui/form/fields/rows.tsx";
import { Form, FormButtons } from "../../ui/form/form.tsx";
import { Pair, Stack } from "../../ui/form/layout.tsx";
import { useUnsavedGuard } from "../../ui/form/unsaved-guard.ts";
import { Section } from "../../ui/page/page.tsx";
import { blankStatus, draftOf, inputOf } from "./settings-draft.ts";

const BUILT_IN = Object.keys({
  Inbox: true,
  Initialize: true,
  Processing: true,
  Batching: true,
  "Awaiting Confirmation": true,
  "On Hold": true,
  Failed: true,
  Ignored: true,
  "Ready for test": true,
  Outbox: true,
  Completed: true,
} satisfies Record<(typeof BUILT_IN_DOCUMENT_STATUSES)[number], true>).join(", ");

export function SettingsForm({ workspace }: { readonly workspace: Workspace }) {
  const client = useClient();
  const may = useMay();
  const [saved, setSaved] = useState(() => draftOf(workspace));
  const [draft, setDraft] = useState(saved);
  const change = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part });
  const field = bind(draft, change);
  useUnsavedGuard(draft !== saved);
  const save = useAction({
    run: () => client.workspaces.put(workspace.name, inputOf(draft)),
    done: "Settings saved.",
    refresh: [["workspaces"], ["workspace", workspace.name, "config"]],
    onDone: (stored) => {
      const next = draftOf(stored);
      setSaved(next);
      setDraft(next);
    },
  });
  return (
    <Form label="Settings" problem={save.error} onSubmit={() => save.mutate()}>
      <Section title="Settings">
        <Stack>
          <Pair>
            <TextField
              {...field("platformUrl")}
              label="Platform URL"
              help={<FieldHelp of="workspace" path="platformUrl" />}
              placeholder="https://my.example.com"
              isCode
            />
            <TextField
              {...field("retentionDays")}
              label="Retention (days)"
              help={<FieldHelp of="workspace" path="retentionDays" />}
              type="number"
            />
          </Pair>
          <Rows
            label="Document statuses"
            help={`Added to the built-in ones: ${BUILT_IN}. A failed callback may set a document to any of them.`}
            rows={draft.documentStatuses}
            onChange={(documentStatuses) => change({ documentStatuses })}
            add="Add status"
            blank={blankStatus}
            nameOf={({ name }, index) => `the status ${name || index + 1}`}
          >
            {({ name }, set, index) => (
              <TextField
                path={`documentStatuses[${index}]`}
                label={`Status ${index + 1}`}
                value={name}
                onChange={(next) => set({ name: next })}
              />
            )}
          </Rows>
          <Shards value={draft.shards} before={workspace.shards} onChange={(shards) => change({ shards })} />
        </Stack>
      </Section>
      <FormButtons>
        <Button type="submit" variant="primary" loading={save.isPending} disabled={!may("config.write")}>
          Save settings
        </Button>
      </FormButtons>
    </Form>
  );
}

interface ShardsProps {
  readonly value: string;
  /** How many there are now. */
  readonly before: number;
  readonly onChange: (value: string) => void;
}

function Shards({ value, before, onChange }: ShardsProps) {
  const wanted = Number(value);
  return (
    <>
      <TextField
        path="shards"
        label="Shards"
        help={<FieldHelp of="workspace" path="shards" />}
        type="number"
        value={value}
        onChange={onChange}
      />
      {wanted > before && (
        <Banner
          variant="alert"
          title="Shards that are added stay"
          description="What lies in a shard stays there, so a workspace never gives one up: a smaller number later only keeps new messages away. Ordered lanes stay in the shards that the workspace began with."
        />
      )}
      {value !== "" && wanted < before && (
        <Banner
          variant="alert"
          title="Fewer shards take less at a time"
          description="New messages go to the first ones only. The others stay, with all that lies in them, and end what they have begun."
        />
      )}
    </>
  );
}
