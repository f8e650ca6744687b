import { useMutation } from "@tanstack/react-query";

import { asProblem } from "../../api/problem";
import { Failed, Field } from "../../ui/parts";
import { useNaming } from "../parts";
import styles from "./StudiosPage.module.css";
import { useWords } from "./words";

/** Asks for a name and its form in addresses, and makes something of them. `field` is what the API calls the latter. */
export function NamingForm({
  field,
  text,
  make,
}: {
  field: "name" | "game";
  text: string;
  make: (slug: string, name: string) => Promise<unknown>;
}) {
  const t = useWords();
  const { name, setName, slug, setSlug } = useNaming();
  const making = useMutation({ mutationFn: () => make(slug, name.trim()) });
  const problem = making.error ? asProblem(making.error) : undefined;
  const slugFault = problem?.fault(field) ?? (problem && ["studio_taken", "game_taken", "slug_invalid"].includes(problem.code) ? problem.message : undefined);
  const nameFault = problem?.fault("display_name") ?? (problem?.code === "title_invalid" ? problem.message : undefined);
  return (
    <form
      className={styles["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        making.mutate();
      }}
    >
      <Field label={t.name} hint={t.nameHint} error={nameFault}>
        {(ids) => (
          <input
            {...ids}
            className="in"
            name="display_name"
            required
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field label={t.slug} hint={t.slugHint} error={slugFault}>
        {(ids) => (
          <input
            {...ids}
            className="in mono"
            name="slug"
            required
            maxLength={40}
            pattern="[a-z0-9][a-z0-9\-]*"
            autoCapitalize="none"
            spellCheck={false}
            value={slug}
            onChange={(event) => setSlug(event.target.value)}
          />
        )}
      </Field>
      {problem && !slugFault && !nameFault && <Failed error={problem} />}
      <div className="row">
        <button className={`btn btn-lit${making.isPending ? " is-busy" : ""}`} type="submit" disabled={making.isPending}>
          {text}
        </button>
      </div>
    </form>
  );
}
