/** What each kind of notice is about, in a sentence of the settings. */

import { words } from "../../words";

/** By the kind's name; a kind that is not here is said by the server. */
export const useKinds = words<Record<string, string>>(
  () => ({
    followed: "Somebody follows you",
    befriended: "Somebody whom you follow follows you too",
    thought_commented: "Somebody comments on a thought of yours",
    thought_liked: "Somebody likes a thought of yours",
    price_fell: "A game that you wish for costs no more than the price you set",
    challenge_invited: "Somebody invites you to play",
    challenge_accepted: "Somebody comes to what you host",
    challenge_place_free: "A place is free for you, for a while",
    challenge_cancelled: "Something was called off, or your place was taken back",
    challenge_changed: "The time or place of something has changed",
    challenge_reminder: "Something that you take part in begins within a day",
    save_held: "A save was held back: two devices went apart, or it shrank",
    moderated: "A moderator has decided about something of yours",
    report_settled: "A report of yours was looked at",
  }),
  () => ({
    followed: "Te urmărește cineva",
    befriended: "Cineva pe care îl urmărești te urmărește și el",
    thought_commented: "Cineva comentează la un gând al tău",
    thought_liked: "Cuiva îi place un gând al tău",
    price_fell: "Un joc dorit nu costă mai mult decât prețul tău",
    challenge_invited: "Cineva te invită la joc",
    challenge_accepted: "Cineva vine la ce găzduiești",
    challenge_place_free: "S-a eliberat un loc pentru tine, pentru un timp",
    challenge_cancelled: "Ceva s-a anulat, sau locul tău a fost retras",
    challenge_changed: "Ora sau locul s-a schimbat",
    challenge_reminder: "Ceva la care participi începe în mai puțin de o zi",
    save_held: "O salvare a fost reținută: două dispozitive s-au despărțit, sau s-a micșorat",
    moderated: "Un moderator a hotărât despre ceva al tău",
    report_settled: "O sesizare a ta a fost văzută",
  }),
);
