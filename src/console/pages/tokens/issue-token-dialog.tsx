import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { NewToken } from "../../../client/index.ts";
import { useClient, useWorkspace } from "../../data/api.tsx";
import { tokensQuery, workspacesQuery } from "../../data/queries.ts";
import { useAction } from "../../data/use-action.ts";
import { bind } from "../../ui/form/fields/bind.ts";
import { FieldHelp } from "../../ui/form/fields/field-help.tsx";
import { SelectField, TextField } from "../../ui/form/fields/fields.tsx";
import { FormDialog } from "../../ui/form/form-dialog.tsx";
import { Pair } from "../../ui/form/layout.tsx";
import { PermissionFields } from "./permission-fields.tsx";
import { type Expiry, inputOf, newToken } from "./token-draft.ts";

const EXPIRIES: Record<Expiry, string> = {
  "30": "In 30 days",
  "90": "In 90 days",
  "365": "In a year",
  date: "On a date",
  never: "Never",
};

interface Props {
  readonly onClose: () => void;
  readonly onIssued: (token: NewToken) => void;
}

export function IssueTokenDialog({ onClose, onIssued }: Props) {
  const client = useClient();
  const { name: here } = useWorkspace();
  const { data: workspaces } = useQuery(workspacesQuery(client));
  const [draft, setDraft] = useState(() => newToken(here));
  const change = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part });
  const field = bind(draft, change);
  const names = new Set([here, ...(workspaces ?? []).map(({ name }) => name)]);
  const issue = useAction({
    run: () => client.tokens.create(inputOf(draft, Date.now())),
    refresh: [tokensQuery(client).queryKey],
    onDone: (token) => {
      onIssued(token);
      onClose();
    },
  });
  return (
    <FormDialog
      submit="Issue token"
      title="Issue token"
      onClose={onClose}
      action={issue}
      onSubmit={() => issue.mutate()}
      size="lg"
    >
      <TextField
        {...field("label")}
        label="Label"
        help={<FieldHelp of="token" path="label" />}
        placeholder="ERP in production"
      />
      <PermissionFields value={draft.permissions} onChange={(permissions) => change({ permissions })} />
      <Pair>
        <SelectField
          {...field("workspace")}
          label="Workspace"
          help={<FieldHelp of="token" path="workspace" />}
          options={Object.fromEntries([...[...names].map((name) => [name, name]), ["", "All workspaces"]])}
        />
        <SelectField
          path={draft.expiry === "date" ? "expiry" : "expiresAt"}
          label="Expires"
          value={draft.expiry}
          onChange={(expiry) => change({ expiry })}
          options={EXPIRIES}
        />
        {draft.expiry === "date" && (
          <TextField {...field("date", "expiresAt")} label="Date and time" type="datetime-local" />
        )}
      </Pair>
    </FormDialog>
  );
}
