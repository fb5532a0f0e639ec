import { useSyncExternalStore } from "react";

const narrow = matchMedia("(max-width: 48rem)");

function subscribe(listener: () => void): () => void {
  narrow.addEventListener("change", listener);
  return () => narrow.removeEventListener("change", listener);
}

/** True on a screen as narrow as a phone. The style sheets use the same width. */
export const useIsNarrow = (): boolean => useSyncExternalStore(subscribe, () => narrow.matches);
