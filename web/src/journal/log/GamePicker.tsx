import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { ComboBox, Input, Label, ListBox, ListBoxItem, Popover } from "react-aria-components";

import { api, ok } from "../../api/client";
import { Cover } from "../../ui/Cover";
import { platformName } from "../../ui/games";
import { Icon } from "../../ui/Icon";
import { useLater } from "../../ui/useLater";
import { closeLog, type Game } from "./open";
import style from "./QuickLog.module.css";
import { useWords } from "./words";

const FOUND = 7;
const BY_HAND = "by hand";

interface Option {
  id: string;
  name: string;
  note: string;
  game?: Game;
}

/** Finds a game as somebody types its name; what is not there can be added by hand. Before anything is typed it offers what is played. */
export function GamePicker({
  label,
  pick,
  first = "",
  autoFocus = false,
}: {
  label: string;
  pick: (game: Game) => void;
  /** What the search begins with. */
  first?: string;
  autoFocus?: boolean;
}) {
  const t = useWords();
  const navigate = useNavigate();
  const [text, setText] = useState(first);
  const asked = useLater(text.trim());
  const options = useOptions(asked, text.trim());
  return (
    <ComboBox
      className={`field ${style["picker"]}`}
      items={options}
      inputValue={text}
      onInputChange={setText}
      selectedKey={null}
      onSelectionChange={(key) => {
        const chosen = options.find(({ id }) => id === key);
        if (chosen?.game) pick(chosen.game);
        else if (key === BY_HAND) {
          closeLog();
          void navigate({ to: "/journal/games/new", search: { name: text.trim() } });
        }
      }}
      allowsCustomValue
      menuTrigger="focus"
    >
      <Label>{label}</Label>
      <div className="search">
        <Icon name="search" />
        <Input className="in" autoFocus={autoFocus} />
      </div>
      <Popover className="popover" placement="bottom start">
        <ListBox<Option> className="menu found" renderEmptyState={() => <p className="hint pad">{t.noGame}</p>}>
          {({ id, name, note, game }) => (
            <ListBoxItem id={id} textValue={name} className="menu-item found-item">
              {game ? <Cover name={name} /> : <Icon name="plus" />}
              <span className="trunc">{name}</span>
              <span className="xs ink3 end">{note}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}

/** What is known of a game in a line: "2026 · PC, Switch". */
export function gameNote({ year, platforms }: Pick<Game, "year" | "platforms">): string {
  return [year ? String(year) : "", platforms.slice(0, 3).map(platformName).join(", ")].filter(Boolean).join(" · ");
}

function useOptions(asked: string, typed: string): Option[] {
  const t = useWords();
  const played = useQuery({
    queryKey: ["library", "played"],
    queryFn: () => ok(api.GET("/api/library", { params: { query: { state: ["ongoing"], limit: FOUND } } })),
  });
  const found = useQuery({
    queryKey: ["games", "search", asked],
    enabled: asked !== "",
    queryFn: ({ signal }) => ok(api.GET("/api/games", { params: { query: { q: asked, limit: FOUND } }, signal })),
    placeholderData: (before) => before,
  });
  if (typed === "") {
    return (played.data?.items ?? []).map(({ game }) => ({ id: game.id, name: game.name, note: gameNote(game), game }));
  }
  const games = (found.data?.items ?? []).map(({ pending, ...game }) => ({
    id: game.id,
    name: game.name,
    note: pending ? t.awaits : gameNote(game),
    game,
  }));
  return [...games, { id: BY_HAND, name: t.byHand(typed), note: "" }];
}
