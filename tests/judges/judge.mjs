// Judges HTML with html-validate, and mails with caniemail too.
// Usage: node judge.mjs NODE_MODULES mail|page FILE... Prints JSON.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, kind, ...pages] = process.argv.slice(2);
const require = createRequire(`${folder}/`);
const { HtmlValidate } = require("html-validate");
const { caniemail } = await import(pathToFileURL(require.resolve("caniemail")));

// A mail carries its style in the elements, layout tables need no tbody, and mail programs drop main and nav.
const ofMails = { "no-inline-style": "off", "no-deprecated-attr": "off", "prefer-tbody": "off", "prefer-native-element": "off" };
// A form asks for days with boxes of one name, as HTML has it.
const ofPages = { "form-dup-name": ["error", { shared: ["radio", "checkbox", "submit"] }] };
const rules = kind === "mail" ? ofMails : ofPages;
const validator = new HtmlValidate({ extends: ["html-validate:recommended"], rules });
const clients = ["gmail.*", "outlook.*", "apple-mail.*", "yahoo.*"];

function missedBy(html) {
  const { issues } = caniemail({ clients, html });
  return [...new Set([...issues.errors.values()].flat().map((one) => one.title))].sort();
}

const judged = {};
for (const page of pages) {
  const html = readFileSync(page, "utf8");
  const report = await validator.validateString(html, page);
  const wrong = report.results.flatMap((result) => result.messages.filter((one) => one.severity === 2));
  judged[page] = {
    html_validate: wrong.map((one) => `${one.ruleId} (line ${one.line}): ${one.message}`),
    caniemail: kind === "mail" ? missedBy(html) : [],
  };
}
console.log(JSON.stringify(judged, null, 1));
