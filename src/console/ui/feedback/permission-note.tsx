import { Banner } from "@cloudflare/kumo/components/banner";
import type { Permission } from "../../../client/index.ts";
import { useMay } from "../../data/permissions.ts";

interface Props {
  readonly permission: Permission;
  /** The actions that need the permission, such as "create or close callbacks". */
  readonly what: string;
}

/** Says why there are no buttons; nothing where there are. */
export function PermissionNote({ permission, what }: Props) {
  const may = useMay();
  if (may(permission)) return null;
  return (
    <Banner
      variant="secondary"
      size="sm"
      description={`You can look, but not ${what}: that takes the permission ${permission}.`}
    />
  );
}
