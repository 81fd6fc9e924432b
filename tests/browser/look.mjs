// Looks at what billform writes through the eyes of a browser, and says what it saw as JSON.
//
//   node look.mjs page FILE.html OUT   reads the page, filters it, and takes screenshots into OUT
//   node look.mjs mermaid FILE.mmd...  draws graphs with Mermaid
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [mode, ...files] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
// Whatever the page tries that it should not.
const wrong = [];

async function open(options) {
  const context = await browser.newContext({ offline: true, ...options });
  const page = await context.newPage();
  page.on("console", (message) => { if (message.type() === "error") wrong.push(message.text()); });
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("dialog", (dialog) => { wrong.push(dialog.message()); dialog.dismiss(); });
  page.on("request", (request) => { if (!/^(file|data|about):/.test(request.url())) wrong.push(request.url()); });
  return page;
}

const count = (page, selector) => page.locator(selector).count();
const visible = (page, selector) => page.locator(selector).filter({ visible: true }).count();

async function look(file, out) {
  const url = pathToFileURL(file).href;
  const bare = await open({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 } });
  await bare.goto(url);
  const seen = { rows: await visible(bare, "tbody tr"), filter: await visible(bare, "#filter") };

  const page = await open({ viewport: { width: 1100, height: 900 }, colorScheme: "light" });
  await page.goto(url);
  const shots = {};
  const tall = await page.evaluate(() => document.documentElement.scrollHeight > 10_000);
  const shoot = async (name, fullPage) => {
    // Nobody looks at the whole of a page that is a hundred screens long.
    fullPage &&= !tall;
    shots[name] = (await page.screenshot({ path: `${out}/${name}.png`, fullPage })).length;
  };
  // How far the page can be moved to the side: not at all, only its tables can.
  const aside = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  const overflow = [await aside()];
  await shoot("wide-light", false);
  await shoot("whole-light", true);
  await page.emulateMedia({ colorScheme: "dark" });
  await shoot("wide-dark", false);
  await page.setViewportSize({ width: 400, height: 800 });
  overflow.push(await aside());
  await shoot("phone-dark", false);
  await page.emulateMedia({ colorScheme: "light" });
  await shoot("phone-light", true);

  await page.setViewportSize({ width: 1100, height: 900 });
  const words = process.env.WORDS ?? "vds-pro";
  await page.click("#filter input");
  await page.keyboard.type(words);
  const found = { rows: await visible(page, "tbody tr"), says: await page.textContent("#filter output") };
  const texts = await page.locator("tbody tr").filter({ visible: true }).evaluateAll((rows) =>
    rows.map((row) => `${row.closest("table").caption?.textContent} ${row.textContent}`));
  found.strangers = texts.filter((text) => !text.includes(words)).length;
  found.dim = await count(page, "svg .dim");
  await shoot("filtered", false);
  await page.fill("#filter input", "");
  const again = await visible(page, "tbody tr");
  const closed = page.locator("details:not([open]) summary").first();
  const folded = await count(page, "details:not([open])");
  if (folded) await closed.click();
  const opened = folded - (await count(page, "details:not([open])"));
  return { seen, found, again, opened: opened === Math.min(folded, 1), overflow, shots };
}

async function draw(list) {
  const page = await open({});
  await page.addScriptTag({ path: createRequire(import.meta.url).resolve("mermaid/dist/mermaid.min.js") });
  await page.evaluate(() => mermaid.initialize({ startOnLoad: false }));
  const drawn = [];
  for (const [number, file] of list.entries()) {
    drawn.push(await page.evaluate(async ([number, text]) => {
      await mermaid.parse(text);
      const { svg } = await mermaid.render(`graph${number}`, text);
      const holder = document.createElement("div");
      holder.innerHTML = svg;
      const all = (selector) => holder.querySelectorAll(selector).length;
      const labels = [...holder.querySelectorAll(".node .nodeLabel")].map((label) => label.textContent);
      return { nodes: all(".node"), edges: all("path.flowchart-link"), foreign: all("script, a, img, iframe, [onclick]"), labels };
    }, [number, readFileSync(file, "utf8")]));
  }
  return { drawn };
}

try {
  const result = mode === "page" ? await look(...files) : await draw(files);
  console.log(JSON.stringify({ ...result, wrong }));
} finally {
  await browser.close();
}
