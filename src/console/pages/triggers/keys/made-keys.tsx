/** Keys that were just created, while their values can still be copied. */

import { ShownOnce } from "../../../ui/feedback/shown-once.tsx";
import type { NewKeys } from "./use-new-keys.ts";
export function MadeKeys({ newKeys: { made, hide } }: { readonly newKeys: NewKeys }) {
  const shown = made.filter(({ isHidden }) => !isHidden);
  if (shown.length === 0) return null;
  return (
    <ShownOnce
      label="New keys"
      title={
        shown.length === 1
          ? "Copy the new key now: you will not see it again."
          : "Copy the new keys now: you will not see them again."
      }
      values={shown.map(({ label, key }) => ({ name: label, value: key, what: `the key ${label}` }))}
      onHide={hide}
    >
      The gateway stores only a hash. Delete a key that is lost, and add another one in its place.
    </ShownOnce>
  );
}
