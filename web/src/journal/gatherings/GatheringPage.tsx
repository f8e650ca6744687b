export function GatheringPage() {
  return <h1>GatheringPage</h1>;
}
