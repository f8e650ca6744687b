import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { api, ok } from "../../api/client";
import { Dialog } from "../../ui/overlays";
import { Failed } from "../../ui/parts";
import { GamePicker } from "../log/GamePicker";
import style from "./Import.module.css";
import type { Import, Row } from "./queries";
import { useWords } from "./words";

const TAGS = { new: "tag-ok", changed: "tag-info", same: "", unclear: "tag-lit", refused: "tag-bad" } as const;

/** A row of the file: what becomes of it, and why. An unclear one can be told which game it means. */
export function RowItem({ row, one }: { row: Row; one: Import }) {
  const t = useWords();
  const [isOpen, setOpen] = useState(false);
  const { outcome, game, name, why } = row;
  return (
    <tr>
      <td className="n ink3">{row.row}</td>
      <th scope="row">
        {game ? (
          <Link to="/journal/games/$gameId" params={{ gameId: game }} preload={false}>
            {name}
          </Link>
        ) : (
          name
        )}
      </th>
      <td>
        <span className="row">
          <span className={`tag ${TAGS[outcome]}`}>{t.outcomes[outcome]}</span>
          {outcome === "unclear" && one.status === "ready" && (
            <button className="btn btn-sm" type="button" onClick={() => setOpen(true)} aria-label={`${t.resolve}: ${name}`}>
              {t.resolve}
            </button>
          )}
        </span>
      </td>
      <td className={`ink2 ${style["why"]}`}>
        {why}
        {isOpen && <Resolve row={row} one={one} close={() => setOpen(false)} />}
      </td>
    </tr>
  );
}

function Resolve({ row, one: { import_id }, close }: { row: Row; one: Import; close: () => void }) {
  const t = useWords();
  const client = useQueryClient();
  const resolve = useMutation({
    mutationFn: (game: string | undefined) =>
      ok(
        api.PUT("/api/library/import/{import_id}/rows/{row}", {
          params: { path: { import_id, row: String(row.row) } },
          body: game === undefined ? {} : { game },
        }),
      ),
    onSuccess: async () => {
      close();
      await client.invalidateQueries({ queryKey: ["imports"] });
    },
  });
  return (
    <Dialog
      title={t.whichGame(row.name)}
      isOpen
      close={close}
      foot={
        <button className="btn" type="button" onClick={() => resolve.mutate(undefined)}>
          {t.leaveOut}
        </button>
      }
    >
      <div className="stack">
        {row.why && <p className="sm ink2">{row.why}</p>}
        <GamePicker label={t.whichGame(row.name)} pick={({ id }) => resolve.mutate(id)} first={row.name} autoFocus />
        {resolve.error && <Failed error={resolve.error} />}
      </div>
    </Dialog>
  );
}
