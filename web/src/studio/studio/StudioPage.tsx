export function StudioPage() {
  return <h1>StudioPage</h1>;
}
