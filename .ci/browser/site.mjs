// Uses the exported knowledge site (first argument) as a citizen would: asks a
// question (second), follows the first answer, goes back; with a question of
// nonsense nothing is found. Fails on a script error or a request that leaves
// the file system.
import { chromium } from "playwright-core";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [dir, question] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
});
const page = await browser.newPage();
const wrong = [];
page.on("console", m => m.type() === "error" && wrong.push("console: " + m.text()));
page.on("pageerror", e => wrong.push("script: " + e.message));
page.on("request", r => /^(file|data):/.test(r.url()) || wrong.push("asks for " + r.url()));
page.on("dialog", d => { wrong.push("a dialog: " + d.message()); d.dismiss(); });
const check = (ok, what) => ok || wrong.push(what);
const home = pathToFileURL(join(resolve(dir), "index.html")).href;
await page.goto(home);
await page.fill("#q", question);
const hits = page.locator("#found li a");
check(await hits.count() > 0, `the question "${question}" finds nothing`);
if (await hits.count() > 0) {
  const title = await hits.first().innerText();
  await hits.first().click();
  check((await page.locator("h1").innerText()) === title, "the first answer leads to another page");
  check((await page.locator("article").innerText()).length > 0, "the answer is empty");
  await page.locator("a[href='index.html']").first().click();
  check(page.url() === home, "there is no way back");
}
await page.fill("#q", "qqqq zzzz");
check(await hits.count() === 0, "nonsense finds something");
check(await page.locator("#found p").count() === 1, "nothing is said when nothing is found");
const links = await page.locator("section a").evaluateAll(l => l.map(a => a.href));
for (const link of links) await page.goto(link);
await browser.close();
for (const w of wrong) console.log("FAIL site: " + w);
console.log(`site: ${links.length + 3} pages, ${wrong.length ? 0 : 1} passed, ${wrong.length ? 1 : 0} failed`);
process.exit(wrong.length ? 1 : 0);
