export function ThoughtPage() {
  return <h1>ThoughtPage</h1>;
}
