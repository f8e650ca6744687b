import { words } from "../../words";

export const useWords = words(
  () => ({
    title: "You are invited into a studio",
    text: (email: string) => `You are signed in as ${email}. Who accepts sees the studio's games and works on them as the role allows.`,
    accept: "Join the studio",
    welcome: (studio: string) => `Welcome to ${studio}`,
    youAre: (role: string) => `You are there as ${role}.`,
    roles: { viewer: "viewer", moderator: "moderator", developer: "developer", owner: "owner" },
    toStudio: "To the studio",
  }),
  () => ({
    title: "Ai o invitație într-un studio",
    text: (email: string) => `Ai intrat ca ${email}. Cine acceptă vede jocurile studioului și lucrează la ele cât îi permite rolul.`,
    accept: "Intră în studio",
    welcome: (studio: string) => `Bun venit la ${studio}`,
    youAre: (role: string) => `Rolul tău acolo: ${role}.`,
    roles: { viewer: "privitor", moderator: "moderator", developer: "dezvoltator", owner: "proprietar" },
    toStudio: "La studio",
  }),
);
