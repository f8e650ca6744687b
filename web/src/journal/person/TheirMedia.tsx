import { useInfiniteQuery } from "@tanstack/react-query";

import { Link } from "@tanstack/react-router";

import { Empty, Failed, Loading } from "../../ui/parts";
import { useCommon } from "../../ui/words";
import styles from "./PersonPage.module.css";
import { mediaQuery } from "./queries";
import { useWords } from "./words";

/** Their pictures and clips; a picture opens in full. */
export function TheirMedia({ username }: { username: string }) {
  const t = useWords();
  const common = useCommon();
  const media = useInfiniteQuery(mediaQuery(username));
  if (media.error && !media.data) return <Failed error={media.error} retry={media.refetch} />;
  if (!media.data) return <Loading lines={6} />;
  const items = media.data.pages.flatMap(({ items }) => items).filter(({ state }) => state === "ready");
  if (items.length === 0) return <Empty title={t.noMedia} />;
  return (
    <>
      <ul className={styles["media"]}>
        {items.map(({ id, game, description, file, thumbnail, type }) => (
          <li key={id}>
            <figure>
              {type.startsWith("video/") ? (
                <video src={file?.url} controls preload="metadata" aria-label={description || t.clip} />
              ) : (
                <a href={file?.url} target="_blank" rel="noreferrer">
                  <img src={(thumbnail ?? file)?.url} alt={description || t.picture(game?.name ?? "")} loading="lazy" />
                </a>
              )}
              <figcaption>
                {description}{" "}
                {game && (
                  <Link className="ink3" to="/journal/games/$gameId" params={{ gameId: game.id }}>
                    {game.name}
                  </Link>
                )}
              </figcaption>
            </figure>
          </li>
        ))}
      </ul>
      {media.hasNextPage && (
        <button className="btn" type="button" onClick={() => void media.fetchNextPage()}>
          {common.more}
        </button>
      )}
    </>
  );
}
