// Checks that a page opens: shows a text from the environment and reads it back from the screen.
import { createRequire } from "node:module";
import { join } from "node:path";

// Modules are resolved relative to the tests that use them, not to this file.
const require = createRequire(join(process.cwd(), "probe.mjs"));
const { chromium } = require("playwright-core");

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const page = await browser.newPage();
await page.setContent("<p id=planted></p>");
await page.evaluate((text) => (document.getElementById("planted").textContent = text), process.env.PLANTED);
console.log(`the page shows: ${await page.locator("#planted").innerText()}`);
await browser.close();
