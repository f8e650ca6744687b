export function GhostsPage() {
  return <h1>GhostsPage</h1>;
}
