import { Switch } from "@cloudflare/kumo/components/switch";
import styles from "./live-switch.module.css";

interface Props {
  readonly isLive: boolean;
  readonly onChange: (isLive: boolean) => void;
}

/** Whether a list follows by itself what happens. */
export function LiveSwitch({ isLive, onChange }: Props) {
  return (
    <span className={styles.live}>
      <Switch label="Live" checked={isLive} onCheckedChange={onChange} />
    </span>
  );
}
