import { Button } from "@cloudflare/kumo/components/button";
import { Component, type ErrorInfo, type ReactNode } from "react";
import { EmptyState } from "./empty-state.tsx";

interface Props {
  readonly children: ReactNode;
  /** The page is drawn again when this changes, such as its path. */
  readonly resetKey: string;
}

/** Keeps the rest of the console usable when a page throws. */
export class ErrorBoundary extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidCatch(error: Error, info: ErrorInfo) {
    console.error(error, info.componentStack);
  }

  override componentDidUpdate(before: Props) {
    if (before.resetKey !== this.props.resetKey && this.state.error) this.setState({ error: null });
  }

  override render() {
    if (!this.state.error) return this.props.children;
    return (
      <EmptyState
        title="This page broke"
        text="That is a mistake in the console, not in your data. Load the page again; if it breaks again, report what you did."
        action={<Button onClick={() => location.reload()}>Load again</Button>}
      />
    );
  }
}
