import { Link, useRoute } from "wouter";
import { useMay } from "../data/permissions.ts";
import { NAVIGATION, type NavigationItem } from "../pages/table.ts";
import styles from "./navigation.module.css";

/** The links to the pages that the permissions allow. */
export function Navigation() {
  const may = useMay();
  const groups = NAVIGATION.map((group) => group.filter(({ permission }) => may(permission)));
  return (
    <nav aria-label="Pages" className="stack-3">
      {groups.map((group) => (
        <ul key={group[0]?.path} className={styles.group}>
          {group.map((item) => (
            <li key={item.path}>
              <NavigationLink {...item} />
            </li>
          ))}
        </ul>
      ))}
    </nav>
  );
}

function NavigationLink({ path, label, icon: Shape }: NavigationItem) {
  const [isHere] = useRoute(path === "/" ? "/" : `${path}/*?`);
  return (
    <Link href={path} className={styles.item ?? ""} {...(isHere && { "aria-current": "page" as const })}>
      <Shape size={18} weight={isHere ? "fill" : "regular"} aria-hidden="true" />
      {label}
    </Link>
  );
}
