import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { ComboBox, Input, ListBox, ListBoxItem, Popover } from "react-aria-components";

import { api, ok } from "../api/client";
import { Avatar } from "../ui/Avatar";
import { Cover } from "../ui/Cover";
import { Icon } from "../ui/Icon";
import { useKey } from "../ui/keys";
import { useLater } from "../ui/useLater";
import { useWords } from "./words";

interface Found {
  id: string;
  name: string;
  note: string;
  to: string;
  isPerson: boolean;
}

const GAMES = 6;
const PEOPLE = 3;

/** Search over games and people, from every page; `/` goes there. It takes the focus, and begins with what was typed already. */
export function GlobalSearch({ first }: { first: string }) {
  const t = useWords();
  const navigate = useNavigate();
  const [text, setText] = useState(first);
  const input = useRef<HTMLInputElement>(null);
  const asked = useLater(text.trim());
  const { data: found = [] } = useQuery({
    queryKey: ["search", asked],
    enabled: asked.length > 0,
    queryFn: () => find(asked),
    placeholderData: (before) => before,
  });

  useKey("/", () => input.current?.focus());

  return (
    <ComboBox
      className="search"
      aria-label={t.find}
      items={text.trim() === "" ? [] : found}
      inputValue={text}
      onInputChange={setText}
      selectedKey={null}
      onSelectionChange={(key) => {
        const chosen = found.find(({ id }) => id === key);
        if (!chosen) return;
        setText("");
        void navigate({ to: chosen.to });
      }}
      allowsCustomValue
      menuTrigger="input"
    >
      <Icon name="search" />
      <Input ref={input} className="in" type="search" placeholder={t.find} autoFocus />
      <Popover className="popover" placement="bottom start">
        <ListBox<Found> className="menu found">
          {(item) => (
            <ListBoxItem id={item.id} textValue={item.name} className="menu-item found-item">
              {item.isPerson ? <Avatar name={item.name} small /> : <Cover name={item.name} />}
              <span className="trunc">{item.name}</span>
              <span className="xs ink3 end">{item.note}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}

async function find(text: string): Promise<Found[]> {
  const [games, people] = await Promise.allSettled([
    ok(api.GET("/api/games", { params: { query: { q: text } } })),
    ok(api.GET("/api/people", { params: { query: { name: text, limit: PEOPLE } } })),
  ]);
  const found: Found[] = [];
  if (games.status === "fulfilled") {
    for (const { id, name, year } of games.value.items.slice(0, GAMES)) {
      found.push({ id: `game ${id}`, name, note: year ? String(year) : "", to: `/journal/games/${id}`, isPerson: false });
    }
  }
  if (people.status === "fulfilled") {
    for (const { username, display_name } of people.value.items) {
      const name = display_name ?? username;
      found.push({ id: `person ${username}`, name, note: username, to: `/journal/people/${username}`, isPerson: true });
    }
  }
  return found;
}
