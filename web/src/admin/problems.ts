/** Refusals of the administration, in the reader's words. */

import { explain } from "../ui/toasts";
import { words } from "../words";

explain(
  words(
    () => ({
      moderator_needed: "Only moderators may do that.",
      administrator_needed: "Only administrators may do that.",
      verdict_not_found: "This verdict is gone.",
      verdict_undone: "This verdict was undone already.",
      verdict_superseded: "Another verdict came after this one: undo that one first.",
      username_taken: "Somebody else has this username by now.",
      game_exists: "There is a game of this name, year and platform already: merge them instead.",
      game_in_use: "Somebody has this game in their library: merge it into another instead.",
      game_approved: "Somebody has approved it already.",
      no_merge_target: "A game is merged into another one that is approved.",
      external_id_taken: "Another game has one of these ids already.",
      record_not_found: "Somebody has decided about this record already.",
      role_missing: "Only owners of the studio may do that.",
    }),
    () => ({
      moderator_needed: "Asta pot face doar moderatorii.",
      administrator_needed: "Asta pot face doar administratorii.",
      verdict_not_found: "Hotărârea nu mai există.",
      verdict_undone: "Hotărârea a fost deja anulată.",
      verdict_superseded: "După aceasta a venit altă hotărâre: anuleaz-o întâi pe aceea.",
      username_taken: "Între timp, altcineva are acest nume de utilizator.",
      game_exists: "Există deja un joc cu acest nume, an și platformă: unește-le.",
      game_in_use: "Cineva are acest joc în bibliotecă: unește-l cu altul.",
      game_approved: "L-a aprobat deja cineva.",
      no_merge_target: "Un joc se unește cu altul care este aprobat.",
      external_id_taken: "Alt joc are deja unul dintre aceste id-uri.",
      record_not_found: "Cineva a hotărât deja despre această înregistrare.",
      role_missing: "Asta pot face doar proprietarii studioului.",
    }),
  ),
);
