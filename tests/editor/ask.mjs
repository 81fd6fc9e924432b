// Asks the YAML language server what editors ask it, and says as JSON what it answered.
//
//   node ask.mjs QUESTIONS.json
//
// The questions are a list of {file, text?, asks: [[line, character]...]}; lines and characters count from 0.
// Each is answered with {wrong: [[line, message]...], completions: [[{label, says}...]...], hovers: [text...]}.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const program = join(here, "node_modules/yaml-language-server/bin/yaml-language-server");
const server = spawn(process.execPath, [program, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
server.on("exit", (code) => { if (code) process.exit(code); });

// The schema of each file is told by its first line; nothing is to come from the network.
const settings = { yaml: { validate: true, hover: true, completion: true, schemaStore: { enable: false } } };
const waiting = new Map();
const diagnosed = new Map();
let next = 1;

function send(message) {
  const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
  server.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
  server.stdin.write(body);
}

function request(method, params) {
  const id = next++;
  send({ id, method, params });
  return new Promise((resolve, reject) => waiting.set(id, { resolve, reject, method }));
}

function hear(message) {
  if (message.method === undefined) {
    const { resolve, reject, method } = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error) reject(new Error(`${method}: ${message.error.message}`));
    else resolve(message.result);
  } else if (message.method === "textDocument/publishDiagnostics") {
    diagnosed.get(message.params.uri)?.(message.params.diagnostics);
  } else if (message.method === "workspace/configuration") {
    const sections = message.params.items.map((item) => settings[item.section] ?? {});
    send({ id: message.id, result: sections });
  } else if (message.id !== undefined) {
    send({ id: message.id, result: null });
  }
}

let heard = Buffer.alloc(0);
server.stdout.on("data", (chunk) => {
  heard = Buffer.concat([heard, chunk]);
  for (;;) {
    const end = heard.indexOf("\r\n\r\n");
    if (end < 0) return;
    const length = Number(/Content-Length: (\d+)/i.exec(heard.subarray(0, end).toString())[1]);
    if (heard.length < end + 4 + length) return;
    const body = heard.subarray(end + 4, end + 4 + length).toString();
    heard = heard.subarray(end + 4 + length);
    hear(JSON.parse(body));
  }
});

const words = (content) => {
  if (content == null) return "";
  if (typeof content === "string") return content;
  if (Array.isArray(content)) return content.map(words).join("\n");
  return content.value ?? "";
};

async function ask({ file, text, asks = [] }) {
  const uri = pathToFileURL(file).href;
  const told = new Promise((resolve) => diagnosed.set(uri, resolve));
  text ??= readFileSync(file, "utf8");
  send({ method: "textDocument/didOpen", params: { textDocument: { uri, languageId: "yaml", version: 1, text } } });
  const diagnostics = await told;
  const answer = { wrong: diagnostics.map((one) => [one.range.start.line, one.message]), completions: [], hovers: [] };
  for (const [line, character] of asks) {
    const at = { textDocument: { uri }, position: { line, character } };
    const list = await request("textDocument/completion", at);
    const items = Array.isArray(list) ? list : list?.items ?? [];
    answer.completions.push(items.map((item) => ({ label: item.label, says: words(item.documentation), inserts: item.textEdit?.newText ?? item.insertText })));
    answer.hovers.push(words((await request("textDocument/hover", at))?.contents));
  }
  send({ method: "textDocument/didClose", params: { textDocument: { uri } } });
  return answer;
}

await request("initialize", {
  processId: process.pid,
  rootUri: null,
  capabilities: {
    workspace: { configuration: true },
    textDocument: {
      completion: { completionItem: { documentationFormat: ["markdown"], snippetSupport: true } },
      hover: { contentFormat: ["markdown"] },
      publishDiagnostics: {},
    },
  },
});
send({ method: "initialized", params: {} });
send({ method: "workspace/didChangeConfiguration", params: { settings } });
const answers = [];
for (const question of JSON.parse(readFileSync(process.argv[2], "utf8"))) answers.push(await ask(question));
await request("shutdown", null);
send({ method: "exit" });
console.log(JSON.stringify(answers));
process.exit(0);
