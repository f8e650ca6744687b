import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover, Separator } from "react-aria-components";

import { Avatar } from "../ui/Avatar";
import { Icon } from "../ui/Icon";
import { gamesQuery, studiosQuery } from "./queries";
import styles from "./StudioShell.module.css";
import { useWords } from "./words";
import { type Environment, usePlace } from "./place";

const environments: Environment[] = ["live", "dev"];

/** Which studio, game and environment is looked at, and the way to another. */
export function StudioPicker() {
  const t = useWords();
  const navigate = useNavigate();
  const { studio, game, environment } = usePlace();
  const { data: studios = [] } = useQuery(studiosQuery);
  const { data: games = [] } = useQuery({ ...gamesQuery(studio ?? ""), enabled: studio !== undefined });
  const shownStudio = studios.find((membership) => membership.studio === studio);
  const shownGame = games.find((each) => each.game === game);
  const studioName = shownStudio?.display_name ?? studio ?? t.studios;
  const name = shownGame?.display_name ?? game ?? studioName;
  const env = environment === "dev" ? { env: "dev" as const } : {};
  const others = studios.filter((membership) => membership.studio !== studio);
  return (
    <MenuTrigger>
      <Button className="pick">
        <Avatar name={name} small />
        <span>
          <span className="vh">{t.pick}: </span>
          <span className="b trunc">{name}</span>
          <span className="xs ink3 trunc">{game ? `${studioName} · ${t.environments[environment]}` : t.studio}</span>
        </span>
        <Icon name="down" />
      </Button>
      <Popover className="popover" placement="bottom start">
        <Menu className="menu" aria-label={t.pick}>
          {game && (
            <MenuSection>
              <Header className={`cap ${styles["cap"]}`}>{shownGame?.display_name ?? game}</Header>
              {environments.map((each) => (
                <MenuItem
                  key={each}
                  id={`environment ${each}`}
                  textValue={t.environments[each]}
                  className="menu-item"
                  onAction={() => void navigate({ to: ".", search: { ...(each === "dev" ? { env: "dev" } : {}) } })}
                >
                  <Icon name={each === environment ? "check" : "layers"} />
                  <span className="mono">{t.environments[each]}</span>
                  <span className="xs ink3 end">{t.environmentHint[each]}</span>
                </MenuItem>
              ))}
            </MenuSection>
          )}
          {studio && (
            <MenuSection>
              <Header className={`cap ${styles["cap"]}`}>{studioName}</Header>
              {games.map((each) => (
                <MenuItem
                  key={each.game}
                  id={`game ${each.game}`}
                  textValue={each.display_name}
                  className="menu-item"
                  onAction={() =>
                    void navigate({ to: "/studio/$studio/$game/world", params: { studio, game: each.game }, search: env })
                  }
                >
                  <Icon name={each.game === game ? "check" : "pad"} />
                  <span className="trunc">{each.display_name}</span>
                </MenuItem>
              ))}
              <MenuItem
                id="new"
                className="menu-item"
                onAction={() => void navigate({ to: "/studio/$studio", params: { studio } })}
              >
                <Icon name="plus" />
                {t.newGame}
              </MenuItem>
            </MenuSection>
          )}
          {studio && <Separator className="sep" />}
          {others.map((each) => (
            <MenuItem
              key={each.studio}
              id={`studio ${each.studio}`}
              className="menu-item"
              onAction={() => void navigate({ to: "/studio/$studio", params: { studio: each.studio } })}
            >
              <Icon name="people" />
              <span className="trunc">{each.display_name ?? each.studio}</span>
            </MenuItem>
          ))}
          <MenuItem id="all" className="menu-item" onAction={() => void navigate({ to: "/studio" })}>
            <Icon name="grid" />
            {t.allStudios}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
