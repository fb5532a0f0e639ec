import { Button } from "@cloudflare/kumo/components/button";
import { type Icon, MinusCircleIcon, PencilSimpleIcon, PlusCircleIcon } from "@phosphor-icons/react";
import { useQueryClient } from "@tanstack/react-query";
import type { ConfigChange, ConfigChanges, ConfigDocument } from "../../../client/index.ts";
import { useWorkspace } from "../../data/api.tsx";
import { configDocumentQuery, keyOf } from "../../data/queries.ts";
import { useAction } from "../../data/use-action.ts";
import { Badge, type Tone } from "../../ui/data/badge.tsx";
import { useConfirm } from "../../ui/feedback/confirm.tsx";
import { FormButtons } from "../../ui/form/form.tsx";
import { Section } from "../../ui/page/page.tsx";
import styles from "./comparison.module.css";
import { Differences } from "./differences.tsx";

interface Props {
  readonly changes: readonly ConfigChange[];
  readonly apply: () => Promise<ConfigChanges>;
  /** Gets the configuration as it is afterwards. */
  readonly onApplied: (current: ConfigDocument) => void;
}

/** The changes that the document would make, and the button that applies them. */
export function Comparison({ changes, apply, onApplied }: Props) {
  const workspace = useWorkspace();
  const queries = useQueryClient();
  const confirm = useConfirm();
  const count = `${changes.length} ${changes.length === 1 ? "change" : "changes"}`;
  const applying = useAction({
    run: async () => {
      await apply();
      return queries.fetchQuery({ ...configDocumentQuery(workspace), staleTime: 0 });
    },
    done: `The configuration is applied: ${count}.`,
    refresh: [keyOf(workspace), ["workspaces"]],
    onDone: onApplied,
  });
  async function ask() {
    const gone = changes.filter(({ action }) => action === "delete");
    const isMeant =
      gone.length === 0 ||
      (await confirm({
        title: `Apply, and delete ${gone.length}?`,
        body: (
          <>
            <p>This is deleted and cannot be brought back; triggers lose their keys with it.</p>
            <ul className={styles.gone}>
              {gone.map((change) => (
                <li key={`${change.kind} ${change.name}`}>{nameOf(change)}</li>
              ))}
            </ul>
          </>
        ),
        action: "Apply and delete",
        isDangerous: true,
      }));
    if (isMeant) applying.mutate();
  }
  if (changes.length === 0) {
    return (
      <Section title="No difference">
        <p role="status">What is stored is what the document says. There is nothing to apply.</p>
      </Section>
    );
  }
  return (
    <Section title={`What would change: ${count}`}>
      <ul className={styles.changes}>
        {changes.map((change) => (
          <li key={`${change.kind} ${change.name}`} className={styles.change}>
            <p className={styles.head}>
              <ActionBadge action={change.action} />
              <span className={styles.name}>{nameOf(change)}</span>
            </p>
            {change.differences && <Differences differences={change.differences} />}
          </li>
        ))}
      </ul>
      <FormButtons>
        <Button variant="primary" loading={applying.isPending} onClick={() => void ask()}>
          Apply {count}
        </Button>
      </FormButtons>
    </Section>
  );
}

const KINDS: Record<ConfigChange["kind"], string> = {
  settings: "Settings",
  adapters: "Adapter",
  flows: "Flow",
  triggers: "Trigger",
  callbackConfigs: "Callback configuration",
};

const nameOf = ({ kind, name }: ConfigChange) => (name === undefined ? KINDS[kind] : `${KINDS[kind]} ${name}`);

const ACTIONS: Record<ConfigChange["action"], { word: string; tone: Tone; icon: Icon }> = {
  create: { word: "Create", tone: "ok", icon: PlusCircleIcon },
  update: { word: "Update", tone: "busy", icon: PencilSimpleIcon },
  delete: { word: "Delete", tone: "bad", icon: MinusCircleIcon },
};

function ActionBadge({ action }: Pick<ConfigChange, "action">) {
  const { word, tone, icon } = ACTIONS[action];
  return (
    <Badge tone={tone} icon={icon}>
      {word}
    </Badge>
  );
}
