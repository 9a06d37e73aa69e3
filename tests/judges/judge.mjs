// Judges pages of mails: html-validate and caniemail. Usage: node judge.mjs NODE_MODULES PAGE... Prints JSON.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, ...pages] = process.argv.slice(2);
const require = createRequire(`${folder}/`);
const { HtmlValidate } = require("html-validate");
const { caniemail } = await import(pathToFileURL(require.resolve("caniemail")));

// A mail carries its style in the elements, layout tables need no tbody, and mail programs drop main and nav.
const validator = new HtmlValidate({
  extends: ["html-validate:recommended"],
  rules: { "no-inline-style": "off", "no-deprecated-attr": "off", "prefer-tbody": "off", "prefer-native-element": "off" },
});
const clients = ["gmail.*", "outlook.*", "apple-mail.*", "yahoo.*"];

const judged = {};
for (const page of pages) {
  const html = readFileSync(page, "utf8");
  const report = await validator.validateString(html, page);
  const wrong = report.results.flatMap((result) => result.messages.filter((one) => one.severity === 2));
  const { issues } = caniemail({ clients, html });
  const found = new Set([...issues.errors.values()].flat().map((one) => one.title));
  judged[page] = {
    html_validate: wrong.map((one) => `${one.ruleId} (line ${one.line}): ${one.message}`),
    caniemail: [...found].sort(),
  };
}
console.log(JSON.stringify(judged, null, 1));
