import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { api, ok, type Schema } from "../../api/client";
import { useKinds } from "../../journal/notices/kinds";
import { Answer } from "../../ui/parts";
import { toast, toastProblem } from "../../ui/toasts";
import styles from "./AccountPage.module.css";
import { Section } from "./sections";
import { useWords } from "./words";

type Setting = Schema<"NoticeSetting">;

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
  const wishing = useMutation({
    mutationFn: ({ kind, app, mail }: Setting) =>
      ok(api.PUT("/api/notices/settings/{kind}", { params: { path: { kind } }, body: { app, mail } })),
    onMutate: (wish) => show(wish),
  });
  const show = (wish: Setting) =>
    queries.setQueryData(settingsQuery.queryKey, (now) => now?.map((setting) => (setting.kind === wish.kind ? wish : setting)));
  const wish = (before: Setting, change: Partial<Setting>) =>
    wishing.mutate(
      { ...before, ...change },
      {
        onSuccess: () => toast(t.saved, () => wishing.mutateAsync(before)),
        onError: (error) => {
          show(before);
          toastProblem(error);
        },
      },
    );
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
                  <label className="check">
                    <input
                      type="checkbox"
                      checked={setting[way]}
                      aria-label={t.wish(name, way === "app" ? t.inApp : t.byMail)}
                      onChange={(event) => wish(setting, { [way]: event.target.checked })}
                    />
                  </label>
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
