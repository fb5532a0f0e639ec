/** Light or dark: as the system has it, unless one is chosen. */
import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

const STORED_AS = "hookback.theme";
const prefersDark = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

function chosen(): Theme {
  const value = localStorage.getItem(STORED_AS);
  return value === "light" || value === "dark" ? value : "system";
}

const mode = (): "light" | "dark" => {
  const theme = chosen();
  return theme === "system" ? (prefersDark.matches ? "dark" : "light") : theme;
};

/** Applies the mode, and follows changes of the system. */
export function startTheme(): void {
  show();
  prefersDark.addEventListener("change", show);
}

export function chooseTheme(theme: Theme): void {
  if (theme === "system") localStorage.removeItem(STORED_AS);
  else localStorage.setItem(STORED_AS, theme);
  show();
}

export const useTheme = (): Theme => useSyncExternalStore(subscribe, chosen);

/** The current mode, for charts and others that cannot use CSS variables. */
export const useMode = (): "light" | "dark" => useSyncExternalStore(subscribe, mode);

function show(): void {
  document.documentElement.dataset.mode = mode();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
