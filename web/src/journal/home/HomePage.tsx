import { useMe } from "../../account/me";

/** What a person sees first. */
export function HomePage() {
  const me = useMe();
  return <h1>{me.display_name ?? me.username ?? me.email}</h1>;
}
