export function GatheringsPage() {
  return <h1>GatheringsPage</h1>;
}
