import { Link } from "@tanstack/react-router";

import { useMe } from "../account/me";
import { Avatar } from "../ui/Avatar";
import { Icon } from "../ui/Icon";
import { shownTheme, wearTheme } from "./look";
import styles from "./RailFoot.module.css";
import { useWords } from "./words";

/** The foot of a rail: oneself and what one may here, the way back to the journal, and the theme. */
export function RailFoot({ role }: { role?: string | undefined }) {
  const t = useWords();
  const me = useMe();
  const name = me.display_name ?? me.username ?? me.email;
  return (
    <div className="foot row between">
      <Link className={`row ${styles["me"]}`} to="/journal">
        <Avatar name={name} small />
        <span className={`xs ink2 ${styles["name"]}`}>
          <span className="trunc">{name}</span>
          {role && <span className="ink3">{role}</span>}
          <span className="vh">{t.toStart}</span>
        </span>
      </Link>
      <button
        className="btn btn-quiet btn-icon"
        type="button"
        aria-label={t.changeTheme}
        onClick={() => wearTheme(shownTheme() === "dark" ? "light" : "dark")}
      >
        <Icon name="theme" />
      </button>
    </div>
  );
}
