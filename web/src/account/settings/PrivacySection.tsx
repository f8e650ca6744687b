import { Link } from "@tanstack/react-router";

import type { Schema } from "../../api/client";
import { Icon } from "../../ui/Icon";
import { useCommon } from "../../ui/words";
import { PlacePart } from "./PlacePart";
import { Choices, Part, Section, Toggle } from "./sections";
import { StrangerPart } from "./StrangerPart";
import { useProfile } from "./useProfile";
import { useWords } from "./words";

const audiences = ["public", "friends", "private"] as const satisfies readonly Schema<"Audience">[];
const searches = ["name", "place", "statistics"] as const;

/** Who sees the profile, by which searches one is found, and where one is, as far as others are told. */
export function PrivacySection() {
  const t = useWords();
  const common = useCommon();
  const { me, change } = useProfile();
  return (
    <Section title={t.sections.privacy} lead={t.privacyLead}>
      <Choices
        name="audience"
        legend={t.audience}
        value={me.audience}
        options={audiences.map((value) => ({ value, text: common.audiences[value], hint: t.audienceHints[value] }))}
        choose={(audience) => change({ audience })}
      />
      <fieldset className="field">
        <legend className="label sm b">{t.foundBy}</legend>
        <div className="stack-1">
          {searches.map((search) => (
            <Toggle
              key={search}
              isSwitch
              isOn={me.found_by[search] ?? false}
              turn={(on) => change({ found_by: { ...me.found_by, [search]: on } })}
            >
              {t.searches[search]}
            </Toggle>
          ))}
        </div>
      </fieldset>
      {me.username && <StrangerPart username={me.username} />}
      <PlacePart isFound={me.found_by.place ?? false} />
      <Part title={t.blocked} lead={t.blockedLead}>
        <Link className="row" to="/journal/people" search={{ list: "blocks" }}>
          <Icon name="ban" />
          {t.seeBlocked}
        </Link>
      </Part>
    </Section>
  );
}
