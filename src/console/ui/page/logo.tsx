import icon from "../../icon.svg";
import styles from "./logo.module.css";

export function Logo() {
  return (
    <span className={styles.logo}>
      <img src={icon} alt="" width={24} height={24} />
      Hookback
    </span>
  );
}
