import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ComboBox, Input, Label, ListBox, ListBoxItem, Popover } from "react-aria-components";

import { api, ok, type Schema } from "../../api/client";
import { gameNote } from "../../journal/log/GamePicker";
import { Cover } from "../../ui/Cover";
import { Icon } from "../../ui/Icon";
import { useLater } from "../../ui/useLater";
import { GAMES_KEY } from "./queries";
import { useWords } from "./words";

const FOUND = 8;

/** Finds a game of the catalogue as somebody types its name. */
export function TitlePicker({ label, pick }: { label: string; pick: (id: string) => void }) {
  const t = useWords();
  const [text, setText] = useState("");
  const asked = useLater(text.trim());
  const { data: games = [] } = useQuery({
    queryKey: [GAMES_KEY, "search", asked, FOUND],
    enabled: asked !== "",
    queryFn: async ({ signal }) => (await ok(api.GET("/api/games", { params: { query: { q: asked, limit: FOUND } }, signal }))).items,
    placeholderData: (before) => before,
  });
  return (
    <ComboBox
      className="field"
      items={text.trim() === "" ? [] : games}
      inputValue={text}
      onInputChange={setText}
      selectedKey={null}
      onSelectionChange={(key) => {
        if (key === null) return;
        setText("");
        pick(String(key));
      }}
      allowsCustomValue
      menuTrigger="input"
    >
      <Label>{label}</Label>
      <div className="search">
        <Icon name="search" />
        <Input className="in" placeholder={t.find} />
      </div>
      <Popover className="popover" placement="bottom start">
        <ListBox<Schema<"FoundGame">> className="menu found">
          {(game) => (
            <ListBoxItem id={game.id} textValue={game.name} className="menu-item found-item">
              <Cover name={game.name} />
              <span className="trunc">{game.name}</span>
              <span className="xs ink3 end">{game.pending ? t.awaits : gameNote(game)}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
