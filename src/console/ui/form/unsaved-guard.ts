/** Asks before a page with unsaved changes is left: by a link, by going back, by closing the tab. */
import { useEffect } from "react";
import { navigate } from "wouter/use-browser-location";
import { useConfirm } from "../feedback/confirm.tsx";

const QUESTION = {
  title: "Leave without saving?",
  body: "What you have changed on this page is not saved, and will be lost.",
  action: "Leave without saving",
  keep: "Stay here",
  isDangerous: true,
};

let isFree = false;

/** Goes somewhere without a question: what is left behind is saved, or deleted. */
export function leaveFreely(go: () => void): void {
  isFree = true;
  try {
    go();
  } finally {
    isFree = false;
  }
}

/** Browsers without the Navigation API ask only before the tab is closed. */
export function useUnsavedGuard(isDirty: boolean): void {
  const confirm = useConfirm();
  useEffect(() => {
    if (!isDirty) return;
    let isLeaving = false;

    async function ask(url: string, key: string | null) {
      if (!(await confirm(QUESTION))) return;
      isLeaving = true;
      if (key === null) navigate(url);
      else window.navigation.traverseTo(key);
    }
    function onNavigate(event: NavigateEvent) {
      const { url, key, sameDocument } = event.destination;
      const isSamePage = new URL(url).pathname === location.pathname;
      // Another document is for beforeunload, which also knows of closing.
      if (isFree || isLeaving || isSamePage || !sameDocument || !event.cancelable) return;
      event.preventDefault();
      void ask(url, event.navigationType === "traverse" ? key : null);
    }
    function onUnload(event: BeforeUnloadEvent) {
      if (!isLeaving) event.preventDefault();
    }
    window.navigation?.addEventListener("navigate", onNavigate);
    window.addEventListener("beforeunload", onUnload);
    return () => {
      window.navigation?.removeEventListener("navigate", onNavigate);
      window.removeEventListener("beforeunload", onUnload);
    };
  }, [isDirty, confirm]);
}
