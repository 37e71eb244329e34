// Opens every page below the folders named on the command line in headless
// Chromium, at the width of a desk and of a phone, and fails on a console
// error, on any request that leaves the file system, on a page without text,
// on a chart that is not drawn, and on a page wider than a phone. A file
// expect.json in a folder names the least number of charts per page:
// {"kpi.html": 3}.
import { chromium } from "playwright-core";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const widths = { desk: 1280, phone: 390 };
const pages = dir => readdirSync(dir, { withFileTypes: true }).flatMap(e =>
  e.isDirectory() ? pages(join(dir, e.name)) : e.name.endsWith(".html") ? [join(dir, e.name)] : []);

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
});
let failed = 0, passed = 0;
for (const file of process.argv.slice(2).flatMap(d => pages(resolve(d))).sort()) {
  const expect = join(dirname(file), "expect.json");
  const charts = existsSync(expect) ? JSON.parse(readFileSync(expect, "utf8"))[basename(file)] || 0 : 0;
  for (const [name, width] of Object.entries(widths)) {
    const wrong = [];
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: name === "phone" ? "dark" : "light" });
    page.on("console", m => m.type() === "error" && wrong.push("console: " + m.text()));
    page.on("pageerror", e => wrong.push("script: " + e.message));
    page.on("request", r => /^(file|data|blob):/.test(r.url()) || wrong.push("asks for " + r.url()));
    await page.goto(pathToFileURL(file).href);
    const seen = await page.evaluate(() => ({
      text: document.body.innerText.trim().length,
      wide: document.documentElement.scrollWidth - window.innerWidth,
      svg: [...document.querySelectorAll("svg")].map(s => { const b = s.getBoundingClientRect(); return b.width > 20 && b.height > 20 || s.closest("details:not([open]), td, th") !== null; }),
    }));
    if (seen.text === 0) wrong.push("has no text");
    if (seen.wide > 1) wrong.push(`is ${seen.wide} pixels wider than the window`);
    if (seen.svg.includes(false)) wrong.push("has a chart that is not drawn");
    if (seen.svg.length < charts) wrong.push(`has ${seen.svg.length} charts, want ${charts}`);
    if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, basename(file, ".html") + "-" + name + ".png"), fullPage: true });
    await page.close();
    for (const w of wrong) console.log(`FAIL ${file} (${name}): ${w}`);
    wrong.length ? failed++ : passed++;
  }
}
await browser.close();
console.log(`browser: ${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);
