/** An address to return to if it is a page of ours, else nothing: nobody is led to another host after they signed in. */
export function ours(address: unknown): string | undefined {
  if (typeof address !== "string" || !address.startsWith("/")) return undefined;
  const { origin, pathname, search, hash } = new URL(address, location.origin);
  return origin === location.origin ? pathname + search + hash : undefined;
}
