import type { Schema } from "../../api/client";
import { StateSign } from "../../ui/Cairn";
import { Icon } from "../../ui/Icon";
import { MenuButton } from "../../ui/overlays";
import { useCommon } from "../../ui/words";
import { states } from "../log/StatePicker";
import style from "./LibraryPage.module.css";
import { useBulk } from "./queries";
import type { Selection } from "./useSelection";
import { useWords } from "./words";

/** What can be done with the selected games, all at once, with one undo. */
export function BulkBar({ selection }: { selection: Selection }) {
  const t = useWords();
  const common = useCommon();
  const bulk = useBulk();
  const games = [...selection.ids];
  const isOff = games.length === 0 || bulk.isPending;
  const edit = (edit: Omit<Schema<"LibraryBulkEdit">, "games">) =>
    bulk.mutate({ games, ...edit }, { onSuccess: () => selection.choose([]) });
  const off = isOff ? " is-off" : "";
  return (
    <div className={`card raised ${style["bulk"]}`} role="toolbar" aria-label={t.select}>
      <b className="b sm" aria-live="polite">
        {t.selected(games.length)}
      </b>
      <MenuButton
        label={t.move}
        className={`btn btn-sm${off}`}
        actions={states.map((state) => ({
          id: state,
          text: common.states[state],
          icon: <StateSign state={state} />,
          isOff,
          act: () => edit({ change: { state } }),
        }))}
      >
        {t.move}
        <Icon name="down" />
      </MenuButton>
      <MenuButton
        label={t.audience}
        className={`btn btn-sm${off}`}
        actions={(["public", "friends", "private"] as const).map((audience) => ({
          id: audience,
          text: common.audiences[audience],
          isOff,
          act: () => edit({ change: { audience } }),
        }))}
      >
        {t.audience}
        <Icon name="down" />
      </MenuButton>
      <button className="btn btn-sm btn-bad" type="button" disabled={isOff} onClick={() => edit({ delete: true })}>
        {common.remove}
      </button>
      <button className="btn btn-sm btn-quiet end" type="button" onClick={() => selection.turn(false)}>
        {t.endSelecting}
      </button>
    </div>
  );
}
