// What can be done with an answer: copy it, say whether it helped, save the conversation.
"use strict";

(() => {
  const { words } = window.anze;

  /* Said aloud by a screen reader; what is seen stands at the button itself. */

  const status = document.createElement("p");
  status.className = "vh";
  status.setAttribute("role", "status");

  function say(text) {
    status.textContent = "";
    setTimeout(() => (status.textContent = text), 50);
  }

  /* Copying: the button carries the text as its value. */

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyFromBox(text); // plain http has no clipboard
    }
  }

  function copyFromBox(text) {
    const before = document.activeElement;
    const box = document.createElement("textarea");
    box.value = text;
    box.className = "vh";
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    if (before) before.focus({ preventScroll: true });
    return done;
  }

  async function copied(button) {
    const done = await copy(button.value);
    say(done ? words.copied : words.not_copied);
    const label = button.firstChild;
    button.dataset.label ||= label.data;
    label.data = done ? words.copied : words.not_copied;
    setTimeout(() => (label.data = button.dataset.label), 2000);
  }

  /* Whether an answer helped. The framework draws turns anew, so this is kept here by answer. */

  const verdicts = new Map();

  function verdictOf(id) {
    if (!verdicts.has(id)) verdicts.set(id, { helpful: null, draft: "", told: "" });
    return verdicts.get(id);
  }

  async function send(id, helpful, comment) {
    const body = { answer_id: id, helpful };
    if (comment) body.comment = comment;
    try {
      const response = await fetch("/api/v1/feedback", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      return response.ok;
    } catch {
      return false;
    }
  }

  function element(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  function verdictBox(id) {
    const kept = verdictOf(id);
    const question = element("span", { class: "ask" }, words.helpful_question);
    const told = element("span", { class: "told", role: "status" });
    const choices = [true, false].map((helpful) => {
      const button = element(
        "button",
        { type: "button", class: "choice" },
        helpful ? words.helpful : words.not_helpful,
      );
      button.addEventListener("click", () => judge(helpful));
      return button;
    });
    const box = element("textarea", { rows: 2, maxlength: 2000 });
    box.value = kept.draft;
    box.addEventListener("input", () => (kept.draft = box.value));
    const hint = element("span", { class: "hint", id: `hint-${id}` }, words.comment_hint);
    box.setAttribute("aria-describedby", hint.id);
    const form = element(
      "form",
      { class: "comment" },
      element("label", {}, words.comment, box),
      element("div", { class: "end" }, hint, element("button", {}, words.comment_send)),
    );
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const comment = box.value.trim();
      const done = await send(id, kept.helpful, comment);
      tell(done ? (comment ? words.thanks_comment : words.thanks) : words.not_recorded);
      kept.open = !done;
      show();
      if (done) choices[kept.helpful ? 0 : 1].focus();
    });

    async function judge(helpful) {
      const done = await send(id, helpful, kept.draft.trim());
      if (done) kept.helpful = helpful;
      if (done) kept.open = true;
      tell(done ? words.thanks : words.not_recorded);
      show();
    }

    function tell(text) {
      kept.told = text;
      told.textContent = text;
    }

    function show() {
      choices[0].setAttribute("aria-pressed", String(kept.helpful === true));
      choices[1].setAttribute("aria-pressed", String(kept.helpful === false));
      form.hidden = !kept.open;
    }

    tell(kept.told);
    show();
    const group = { class: "verdict", role: "group", "aria-label": words.helpful_question };
    return element("div", group, question, ...choices, told, form);
  }

  function decorate() {
    for (const place of document.querySelectorAll('.turn[id^="answer-"] .after')) {
      if (place.querySelector(".verdict")) continue;
      place.append(verdictBox(place.closest(".turn").id.slice("answer-".length)));
    }
  }

  /* A saved conversation is fetched as soon as it is there; the link stays for a second time. */

  function fetchSaved(line) {
    let fetched = "";
    new MutationObserver(() => {
      const link = line.querySelector("a");
      const path = link ? link.getAttribute("href") : "";
      if (link) link.removeAttribute("target");
      if (path && path !== fetched) link.click();
      fetched = path || fetched;
    }).observe(line, { childList: true, subtree: true });
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.copy");
    if (button) copied(button);
    if (event.target.closest("#anze-clear")) document.querySelector("#anze-question textarea").focus();
  });

  function ready() {
    const log = document.getElementById("anze-log");
    const line = document.getElementById("anze-saved");
    if (!log || !line) return false;
    document.body.append(status);
    line.setAttribute("role", "status");
    new MutationObserver(decorate).observe(log, { childList: true, subtree: true });
    fetchSaved(line);
    return true;
  }

  const waiting = new MutationObserver(() => {
    if (ready()) waiting.disconnect();
  });
  waiting.observe(document, { childList: true, subtree: true });
})();
