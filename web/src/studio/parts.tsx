/** Small parts that several of the studio's pages show. */

import { useState } from "react";

import { Icon } from "../ui/Icon";
import { Empty } from "../ui/parts";
import { Sheet } from "../ui/work";
import { toast } from "../ui/toasts";
import { useCommon } from "../ui/words";
import { isAtLeast, type Role, useRole } from "./queries";
import styles from "./parts.module.css";
import { useWords } from "./words";

/** What only members of a role see; others read which role it takes. */
export function ForRole({ least, children }: { least: Role; children: React.ReactNode }) {
  const t = useWords();
  const role = useRole();
  if (role !== undefined && !isAtLeast(role, least)) {
    return (
      <Sheet>
        <Empty title={t.needsRole(t.roles[least])} />
      </Sheet>
    );
  }
  return children;
}

/** Something to copy, such as a key: the text and its button. */
export function CopyLine({ text, label }: { text: string; label: string }) {
  const common = useCommon();
  return (
    <div className={styles["copy"]}>
      <code>{text}</code>
      <button className="btn" type="button" onClick={() => void copy(text, label)}>
        <Icon name="copy" />
        {common.copy}
        <span className="vh">{label}</span>
      </button>
    </div>
  );
}

/** Puts a text where it can be pasted from, and says so. */
export async function copy(text: string, label: string) {
  await navigator.clipboard.writeText(text);
  toast(`${label}: ${useCommon.now().copied.toLocaleLowerCase()}`);
}

/** A name for addresses made from what people call a thing: "Low Lantern" → "low-lantern". */
export function nameInAddresses(text: string): string {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40);
}

/** A name and the name in addresses that follows from it until somebody types another. */
export function useNaming() {
  const [name, setName] = useState("");
  const [typed, setTyped] = useState<string>();
  return { name, setName, slug: typed ?? nameInAddresses(name), setSlug: setTyped };
}
