export function WorldPage() {
  return <h1>WorldPage</h1>;
}
