import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { api, ok, type Schema } from "../../api/client";
import { useKinds } from "../../journal/notices/kinds";
import { Answer } from "../../ui/parts";
import { toast, toastProblem } from "../../ui/toasts";
import styles from "./AccountPage.module.css";
import { Section, Toggle } from "./sections";
import { useWords } from "./words";

type Setting = Schema<"NoticeSetting">;
type Wish = Pick<Setting, "app" | "mail">;

const settingsQuery = queryOptions({
  queryKey: ["notices", "settings"],
  queryFn: async () => (await ok(api.GET("/api/notices/settings"))).items,
});

/** Which notices one wants, in the app and by email. */
export function NoticesSection() {
  const t = useWords();
  const settings = useQuery(settingsQuery);
  return (
    <Section title={t.sections.notices} lead={t.noticesLead}>
      <Answer query={settings} lines={8}>
        {(items) => <Kinds items={items} />}
      </Answer>
      <p className="sm ink2">
        {t.noticesMail}{" "}
        <Link to="/account" search={{ section: "preferences" }}>
          {t.digest}
        </Link>
      </p>
    </Section>
  );
}

function Kinds({ items }: { items: Setting[] }) {
  const t = useWords();
  const kinds = useKinds();
  const queries = useQueryClient();
  const show = (kind: string, wish: Wish) =>
    queries.setQueryData(settingsQuery.queryKey, (now) =>
      now?.map((setting) => (setting.kind === kind ? { ...setting, ...wish } : setting)),
    );
  const change = async (kind: string, wish: Wish, before: Wish) => {
    show(kind, wish);
    try {
      await ok(api.PUT("/api/notices/settings/{kind}", { params: { path: { kind } }, body: wish }));
    } catch (error) {
      show(kind, before);
      throw error;
    }
  };
  // What is not told in the app is not sent either: email turns the app on, and without the app there is no email.
  const wish = ({ kind, app, mail }: Setting, way: "app" | "mail", on: boolean) => {
    const next = way === "app" ? { app: on, mail: mail && on } : { app: app || on, mail: on };
    change(kind, next, { app, mail }).then(() => toast(t.saved, () => change(kind, { app, mail }, next)), toastProblem);
  };
  return (
    <table className={styles["matrix"]}>
      <thead>
        <tr>
          <th scope="col">{t.noticeKind}</th>
          <th scope="col">{t.inApp}</th>
          <th scope="col">{t.byMail}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((setting) => {
          const name = kinds[setting.kind] ?? setting.about;
          return (
            <tr key={setting.kind}>
              <th scope="row">{name}</th>
              {(["app", "mail"] as const).map((way) => (
                <td key={way}>
                  <Toggle
                    isOn={setting[way]}
                    label={t.wish(name, way === "app" ? t.inApp : t.byMail)}
                    turn={(on) => wish(setting, way, on)}
                  />
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
