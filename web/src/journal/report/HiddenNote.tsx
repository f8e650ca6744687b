import { Link } from "@tanstack/react-router";

import type { Schema } from "../../api/client";
import { Icon } from "../../ui/Icon";
import styles from "./HiddenNote.module.css";
import { useWords } from "./words";

/** Says to the author of something that a moderator has hidden it, and why; nothing where it is not hidden. */
export function HiddenNote({ reason }: { reason: Schema<"ModerationReason"> | undefined }) {
  const t = useWords();
  if (!reason) return null;
  return (
    <p className={`note note-lit ${styles["note"]}`}>
      <Icon name="hide" />
      <span>
        {t.hidden} {t.reasons[reason]}.{" "}
        <Link to="/journal/notices" search={{ show: "verdicts" }}>
          {t.seeVerdict}
        </Link>
      </span>
    </p>
  );
}
