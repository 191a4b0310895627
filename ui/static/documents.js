// The tab with the documents: a box that narrows the list; trees are fetched when they are opened.
"use strict";

(() => {
  const { words, make } = window.anze;
  const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  const PAUSE = 80; // milliseconds without a key before the list is narrowed

  let box, list, said;
  let timer = 0;
  let under_way = null;

  function build(tab) {
    box = make("input", {
      id: "anze-documents-box",
      type: "search",
      autocomplete: "off",
      spellcheck: "false",
      maxlength: "200",
      placeholder: words.documents_box,
      "aria-label": words.documents_box,
      "aria-controls": "anze-documents-list",
    });
    said = make("p", { class: "said", role: "status" });
    list = make("div", { id: "anze-documents-list" });
    tab.append(box, said, list);
  }

  async function text_of(url, signal) {
    const response = await fetch(url, { signal });
    if (response.status === 401 || response.redirected) location.reload();
    if (response.status === 429) throw new Error(words.busy);
    if (!response.ok) throw new Error(words.lost);
    return response.text();
  }

  const sentence = (fault) => (fault.name === "Error" ? fault.message : words.lost);

  function tell(fault) {
    if (fault.name === "AbortError") return;
    said.textContent = sentence(fault);
    said.classList.add("fault");
  }

  async function search() {
    if (under_way) under_way.abort();
    under_way = new AbortController();
    const { signal } = under_way;
    const asked = new URLSearchParams({ q: box.value, lang: language });
    try {
      const text = await text_of(`/documents?${asked}`, signal);
      if (signal.aborted) return;
      list.innerHTML = text;
      said.textContent = list.firstElementChild.dataset.said;
      said.classList.remove("fault");
    } catch (fault) {
      tell(fault);
    }
  }

  async function more(button) {
    try {
      const text = await text_of(button.dataset.more);
      const next = make("template", {});
      next.innerHTML = text;
      const first = next.content.querySelector("li a");
      button.replaceWith(next.content);
      first?.focus();
    } catch (fault) {
      tell(fault);
    }
  }

  async function unfold(details) {
    const place = details.querySelector(":scope > div");
    if (!details.open || place.dataset.filled) return;
    place.dataset.filled = "yes";
    try {
      place.innerHTML = await text_of(details.dataset.url);
      place.querySelector(".tree")?.before(all(place, true), " ", all(place, false));
    } catch (fault) {
      delete place.dataset.filled;
      place.textContent = sentence(fault);
    }
  }

  function all(place, open) {
    const button = make("button", { type: "button" }, open ? words.unfold : words.fold);
    button.addEventListener("click", () => {
      for (const branch of place.querySelectorAll(".tree details")) branch.open = open;
    });
    return button;
  }

  function listen() {
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(search, PAUSE);
    };
    box.addEventListener("input", (event) => event.isComposing || later());
    box.addEventListener("compositionend", later);
    list.addEventListener("toggle", (event) => {
      if (event.target.matches("details.inside")) unfold(event.target);
    }, true);
    list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-more]");
      if (button) more(button);
    });
  }

  // The list is fetched when the tab is first seen: who only asks questions does not pay for it.
  function ready() {
    const tab = document.getElementById("anze-documents");
    if (!tab || !document.getElementById("anze-documents-head")) return false;
    build(tab);
    listen();
    new IntersectionObserver((seen, observer) => {
      if (!seen.some((one) => one.isIntersecting)) return;
      observer.disconnect();
      search();
    }).observe(tab);
    return true;
  }

  const waiting = new MutationObserver(() => {
    if (ready()) waiting.disconnect();
  });
  waiting.observe(document, { childList: true, subtree: true });
})();
