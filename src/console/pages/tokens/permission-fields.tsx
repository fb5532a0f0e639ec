import { Checkbox } from "@cloudflare/kumo/components/checkbox";
import type { Permission } from "../../../client/index.ts";
import { Group } from "../../ui/form/layout.tsx";
import { useFieldProblem } from "../../ui/form/problems.tsx";
import styles from "./permission-fields.module.css";
import { PERMISSION_WORDS, PERMISSIONS } from "./permission-words.ts";

interface Props {
  readonly value: readonly Permission[];
  readonly onChange: (value: readonly Permission[]) => void;
}

/** The permissions of a token, in plain words. */
export function PermissionFields({ value, onChange }: Props) {
  const problem = useFieldProblem("permissions");
  const isAdmin = value.includes("admin");
  return (
    <Group legend="Permissions">
      {problem !== undefined && (
        <p role="alert" className="bad">
          Choose at least one permission.
        </p>
      )}
      {PERMISSIONS.map((permission) => (
        <div key={permission}>
          <Checkbox
            label={permission}
            checked={value.includes(permission) || isAdmin}
            disabled={isAdmin && permission !== "admin"}
            onCheckedChange={(is) =>
              onChange(is ? [...value, permission] : value.filter((other) => other !== permission))
            }
          />
          <p className={styles.words}>{PERMISSION_WORDS[permission]}</p>
        </div>
      ))}
    </Group>
  );
}
