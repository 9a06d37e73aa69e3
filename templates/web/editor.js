/* Beside the text of a profile: the keys and values that may stand at the cursor, from the list of keys on the same
   page. They are buttons that Tab reaches, so that no key does what it does not do elsewhere. The page works without. */
"use strict";

(() => {
  const text = document.getElementById("text");
  const place = document.getElementById("completions");
  const most = 12;
  const keys = [...document.querySelectorAll(".keys dt")].map((term) => ({
    path: term.textContent,
    said: term.nextElementSibling.textContent.trim(),
    values: JSON.parse(term.dataset.values),
  }));

  /* The keys that the last of some lines stands in, by their indents: "topics.NAME." inside a topic. */
  function within(lines) {
    let indent = lines.at(-1).search(/\S|$/);
    const path = [];
    for (const line of lines.slice(0, -1).reverse()) {
      const found = /^(\s*)([^\s#:][^:]*):/.exec(line);
      if (found && found[1].length < indent) {
        path.unshift(found[2]);
        indent = found[1].length;
      }
    }
    if (path[0] === "topics" && path.length > 1) path[1] = "NAME";
    return path.map((key) => `${key}.`).join("");
  }

  /* What may be written at the cursor, and how much of it is there already. */
  function possible() {
    const lines = text.value.slice(0, text.selectionStart).split("\n");
    const before = within(lines);
    const key = /^\s*([\w-]*)$/.exec(lines.at(-1));
    if (key) {
      const names = keys.filter((one) => one.path.startsWith(before) && !one.path.slice(before.length).includes("."));
      const written = names.map((one) => ({ word: one.path.slice(before.length), said: one.said, end: ": " }));
      return { typed: key[1], words: before.endsWith("topics.") ? [] : written };
    }
    const value = /^\s*([\w-]+):\s+(\S*)$/.exec(lines.at(-1));
    const known = value && keys.find((one) => one.path === before + value[1]);
    return { typed: value ? value[2] : "", words: known ? known.values.map((word) => ({ word, said: "", end: "" })) : [] };
  }

  function write(typed, one) {
    const at = text.selectionStart;
    text.setRangeText(one.word + one.end, at - typed.length, at, "end");
    text.focus();
    show();
  }

  function show() {
    const { typed, words } = possible();
    const fitting = words.filter((one) => one.word.startsWith(typed) && one.word !== typed).slice(0, most);
    place.replaceChildren(
      ...fitting.map((one) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = one.word;
        button.title = one.said;
        button.addEventListener("click", () => write(typed, one));
        return button;
      }),
    );
    place.hidden = fitting.length === 0;
  }

  for (const happened of ["input", "keyup", "click", "focus"]) text.addEventListener(happened, show);
})();
