import { Button } from "@cloudflare/kumo/components/button";
import styles from "./save-bar.module.css";

interface Props {
  readonly isNew: boolean;
  readonly isDirty: boolean;
  readonly isSaving: boolean;
  readonly onDiscard: () => void;
}

/** The end of a long form: it stays in sight while there is something to save. */
export function SaveBar({ isNew, isDirty, isSaving, onDiscard }: Props) {
  return (
    <div className={`${styles.bar} ${isNew || isDirty ? styles.sticky : ""}`}>
      <span className={styles.state} role="status">
        {isNew ? "Not saved yet" : isDirty ? "Unsaved changes" : "Everything is saved"}
      </span>
      <Button onClick={onDiscard} disabled={!isNew && !isDirty}>
        {isNew ? "Cancel" : "Discard changes"}
      </Button>
      <Button type="submit" variant="primary" loading={isSaving}>
        Save
      </Button>
    </div>
  );
}
