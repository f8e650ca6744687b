/** The least that leaves a trace, in each language, with the studio's own key and address. */

/** A language of a snippet. */
export interface Snippet {
  id: string;
  name: string;
  code: string;
}

/** The snippets for a server and a key. */
export function snippets(server: string, key: string, text: string): Snippet[] {
  return [
    { id: "godot", name: "Godot", code: godot(server, key, text) },
    { id: "javascript", name: "JavaScript", code: javascript(server, key, text) },
    { id: "csharp", name: "C#", code: csharp(server, key, text) },
    { id: "rust", name: "Rust", code: rust(server, key, text) },
    { id: "lua", name: "Lua", code: lua(server, key, text) },
    { id: "curl", name: "curl", code: curl(server, key, text) },
  ];
}

const godot = (server: string, key: string, text: string) => `# Godot 4, as an autoload. OS.get_unique_id() serves to try: draw and keep an id of your own.
extends Node

const SERVER := "${server}"
const KEY := "${key}"

func _ready() -> void:
	var player := await send("/v1/players", {"device_id": OS.get_unique_id().sha256_text()})
	var trace := {"kind": "message", "scope": "start", "pos": [0, 0, 0], "text": ["${text}"]}
	print(await send("/v1/traces", {"traces": [trace]}, player.get("token", "")))

func send(path: String, body: Dictionary, token := "") -> Dictionary:
	var headers := ["X-API-Key: " + KEY, "Content-Type: application/json"]
	if token: headers.append("Authorization: Bearer " + token)
	var request := HTTPRequest.new()
	add_child(request)
	request.request(SERVER + path, headers, HTTPClient.METHOD_POST, JSON.stringify(body))
	var done: Array = await request.request_completed
	request.queue_free()
	var answer: Variant = JSON.parse_string(done[3].get_string_from_utf8())
	return answer if answer is Dictionary else {}`;

const javascript = (server: string, key: string, text: string) => `// Node 20 and later, Deno or Bun: save as first.mjs and run it.
const server = "${server}";
const key = "${key}";

async function send(path, body, token) {
  const headers = { "X-API-Key": key, "Content-Type": "application/json" };
  if (token) headers.Authorization = \`Bearer \${token}\`;
  const answer = await fetch(server + path, { method: "POST", headers, body: JSON.stringify(body) });
  return await answer.json();
}

// A device draws its id once and keeps it.
const { token } = await send("/v1/players", { device_id: crypto.randomUUID() });
const trace = { kind: "message", scope: "start", pos: [0, 0, 0], text: ["${text}"] };
console.log(await send("/v1/traces", { traces: [trace] }, token));`;

const csharp = (server: string, key: string, text: string) => `// .NET 8 and later, as Program.cs. For Unity's own requests see "Your first game" in the docs.
using System.Net.Http.Json;
using System.Text.Json.Nodes;

var http = new HttpClient { BaseAddress = new Uri("${server}") };
http.DefaultRequestHeaders.Add("X-API-Key", "${key}");

// A device draws its id once and keeps it.
var signIn = await http.PostAsJsonAsync("/v1/players", new { device_id = Guid.NewGuid().ToString() });
var player = await signIn.Content.ReadFromJsonAsync<JsonObject>();
http.DefaultRequestHeaders.Authorization = new("Bearer", (string)player!["token"]!);

var trace = new { kind = "message", scope = "start", pos = new[] { 0, 0, 0 }, text = new[] { "${text}" } };
var left = await http.PostAsJsonAsync("/v1/traces", new { traces = new[] { trace } });
Console.WriteLine(await left.Content.ReadAsStringAsync());`;

const rust = (server: string, key: string, text: string) => `// cargo add ureq --features json; cargo add serde_json uuid --features uuid/v4
use serde_json::{Value, json};

const SERVER: &str = "${server}";
const KEY: &str = "${key}";

fn send(path: &str, body: Value, token: &str) -> Result<Value, ureq::Error> {
    ureq::post(format!("{SERVER}{path}"))
        .header("X-API-Key", KEY)
        .header("Authorization", format!("Bearer {token}"))
        .send_json(body)?
        .body_mut()
        .read_json()
}

fn main() -> Result<(), ureq::Error> {
    // A device draws its id once and keeps it.
    let player = send("/v1/players", json!({"device_id": uuid::Uuid::new_v4().to_string()}), "")?;
    let trace = json!({"kind": "message", "scope": "start", "pos": [0, 0, 0], "text": ["${text}"]});
    println!("{}", send("/v1/traces", json!({"traces": [trace]}), player["token"].as_str().unwrap_or_default())?);
    Ok(())
}`;

const lua = (server: string, key: string, text: string) => `-- LÖVE 12: local https = require("https"). Defold and others send the same with their own requests.
local https = require("https")
local server, key = "${server}", "${key}"

local function send(path, body, token)
  local headers = { ["X-API-Key"] = key, ["Content-Type"] = "application/json" }
  if token then headers["Authorization"] = "Bearer " .. token end
  local _, answer = https.request(server .. path, { method = "POST", headers = headers, data = body })
  return answer
end

-- A device draws its id once and keeps it.
local device = ("device-%d-%d"):format(os.time(), love.math.random(1e9))
local player = send("/v1/players", ('{"device_id": "%s"}'):format(device))
local token = player:match('"token":"([^"]*)"')
print(send("/v1/traces", [[{"traces": [
  {"kind": "message", "scope": "start", "pos": [0, 0, 0], "text": ["${text}"]}
]}]], token))`;

const curl = (server: string, key: string, text: string) => `# A shell; on Windows Git Bash or WSL.
SERVER=${server}
KEY=${key}

TOKEN=$(curl -s $SERVER/v1/players -H "X-API-Key: $KEY" -H 'Content-Type: application/json' \\
  -d "{\\"device_id\\": \\"first-$(date +%s)-$RANDOM$RANDOM\\"}" | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')

curl -s $SERVER/v1/traces -H "X-API-Key: $KEY" -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\
  -d '{"traces": [{"kind": "message", "scope": "start", "pos": [0, 0, 0], "text": ["${text}"]}]}'`;
