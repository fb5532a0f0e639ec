/** Asks before a page with unsaved changes is left: by a link, by going back, by closing the tab. */
import { useEffect, useRef } from "react";
import { useBrowserLocation } from "wouter/use-browser-location";
import { useConfirm } from "./confirm.tsx";

const QUESTION = {
  title: "Leave without saving?",
  body: "What you have changed on this page is not saved, and will be lost.",
  action: "Leave without saving",
  keep: "Stay here",
  isDangerous: true,
};

/** @returns a function that lets the next navigation pass: what is about to be left is saved, or deleted. */
export function useUnsavedGuard(isDirty: boolean): () => void {
  const confirm = useConfirm();
  const [, navigate] = useBrowserLocation();
  const isGuarding = useRef(isDirty);
  isGuarding.current = isDirty;

  useEffect(() => {
    if (!isDirty) return;
    const here = location.href;

    async function leave(go: () => void) {
      if (!(await confirm(QUESTION))) return;
      isGuarding.current = false;
      go();
    }
    function onClick(event: MouseEvent) {
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
      if (!isGuarding.current || !link?.href || !isPlain || link.target === "_blank") return;
      const to = new URL(link.href);
      if (to.origin !== location.origin || (to.pathname === location.pathname && to.hash !== "")) return;
      event.preventDefault();
      event.stopPropagation();
      void leave(() => navigate(to.pathname + to.search));
    }
    function onPopState(event: PopStateEvent) {
      if (!isGuarding.current || location.href === here) return;
      event.stopImmediatePropagation();
      // The page stays what it is; whoever wants to leave all the same goes back from here.
      history.pushState(null, "", here);
      void leave(() => history.back());
    }
    function onUnload(event: BeforeUnloadEvent) {
      if (isGuarding.current) event.preventDefault();
    }
    document.addEventListener("click", onClick, { capture: true });
    window.addEventListener("popstate", onPopState, { capture: true });
    window.addEventListener("beforeunload", onUnload);
    return () => {
      document.removeEventListener("click", onClick, { capture: true });
      window.removeEventListener("popstate", onPopState, { capture: true });
      window.removeEventListener("beforeunload", onUnload);
    };
  }, [isDirty, confirm, navigate]);

  return () => {
    isGuarding.current = false;
  };
}
