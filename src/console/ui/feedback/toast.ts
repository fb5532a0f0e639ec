/** Short messages in the corner, from anywhere in the code. */
import { createKumoToastManager } from "@cloudflare/kumo/components/toast";

export const toasts = createKumoToastManager();

export function notify(title: string, description?: string): void {
  toasts.add({ title, variant: "success", ...(description !== undefined && { description }) });
}

export function notifyProblem(error: Error, title = "That did not work"): void {
  toasts.add({ title, description: error.message, variant: "error", priority: "high", timeout: 10_000 });
}
