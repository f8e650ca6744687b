import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { api, ok } from "../../api/client";
import { asProblem } from "../../api/problem";
import { Icon } from "../../ui/Icon";
import { Answer, Empty, Failed, Field } from "../../ui/parts";
import { codeText, toast, toastProblem } from "../../ui/toasts";
import { useSpeech } from "../../words";
import doors from "../door/Door.module.css";
import styles from "./AccountPage.module.css";
import { Section } from "./sections";
import { useWords } from "./words";

const queryKey = ["account", "players"];

/** Players of games that are this person: linked with a code that the game shows. */
export function PlayersSection() {
  const t = useWords();
  const s = useSpeech();
  const queries = useQueryClient();
  const players = useQuery({ queryKey, queryFn: async () => (await ok(api.GET("/v1/account/players"))).items });
  const linking = useMutation({
    mutationFn: (code: string) => ok(api.POST("/v1/account/players", { body: { code } })),
    onSuccess: (player) => {
      toast(t.playerLinked(player.game));
      return queries.invalidateQueries({ queryKey });
    },
  });
  const problem = linking.error ? asProblem(linking.error) : undefined;
  const fault = problem?.fault("code") ?? (problem ? codeText(problem.code) : undefined);
  const unlink = async (player_id: string) => {
    try {
      await ok(api.DELETE("/v1/account/players/{player_id}", { params: { path: { player_id } } }));
      await queries.invalidateQueries({ queryKey });
      toast(t.playerUnlinked);
    } catch (error) {
      toastProblem(error);
    }
  };
  return (
    <Section title={t.sections.players} lead={t.playersLead}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const form = event.currentTarget;
          linking.mutate(String(new FormData(form).get("code")).trim(), { onSuccess: () => form.reset() });
        }}
      >
        {problem && !fault && <Failed error={problem} />}
        <Field label={t.linkCode} hint={t.linkCodeHint} error={fault}>
          {(ids) => (
            <input {...ids} className={`in ${doors["code"]}`} name="code" autoComplete="off" autoCapitalize="characters" spellCheck={false} required maxLength={64} />
          )}
        </Field>
        <div>
          <button className={`btn${linking.isPending ? " is-busy" : ""}`} type="submit">
            {t.linkPlayer}
          </button>
        </div>
      </form>
      <Answer query={players}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t.noPlayers} text={t.noPlayersText} />
          ) : (
            <ul className={styles["rows"]}>
              {items.map((player) => (
                <li key={player.player_id}>
                  <Icon name="pad" />
                  <span>
                    <b>{player.display_name ?? t.nameless}</b>{" "}
                    <span className="sm ink2">
                      {t.inGame(player.game, player.studio)} · {s.date(player.linked_at)}
                    </span>{" "}
                    {player.environment === "dev" && <span className="tag">dev</span>}
                  </span>
                  <button className="btn btn-sm" type="button" onClick={() => void unlink(player.player_id)}>
                    {t.unlink}
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </Section>
  );
}
