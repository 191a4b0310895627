// The tab for looking rules up: a box, and a list below it that follows what is typed. A combobox
// as WAI-ARIA describes it: the focus stays in the box, the chosen entry is its active descendant.
"use strict";

(() => {
  const { words, make } = window.anze;
  const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  const PAUSE = 80; // milliseconds without a key before a search
  const KEPT = "anze-lookup";

  let box, list, said, here, everywhere, tools, link;
  let everyPlace = false;
  let chosen = -1;
  let timer = 0;
  let under_way = null;

  const options = () => [...list.querySelectorAll('[role="option"]')];
  const isShown = () => box && box.offsetParent !== null;

  function button(text, does) {
    const made = make("button", { type: "button" }, text);
    made.addEventListener("click", does);
    return made;
  }

  function build(tab) {
    box = make("input", {
      id: "anze-lookup-box",
      type: "search",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      enterkeyhint: "search",
      maxlength: "200",
      placeholder: words.lookup_placeholder,
      "aria-label": words.lookup_box,
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": "anze-lookup-list",
      "aria-describedby": "anze-lookup-place",
    });
    list = make("div", { id: "anze-lookup-list" });
    said = make("p", { class: "said", role: "status" });
    everywhere = button("", () => {
      everyPlace = !everyPlace;
      tellPlace();
      search();
    });
    tools = make("p", { class: "tools", hidden: "" });
    tools.append(button(words.open, open), button(words.copy, copy));
    // The panel opens from a link of the page and gives the focus back to it: on to the box.
    link = make("a", { class: "vh", tabindex: "-1", href: "/p/", "aria-hidden": "true" });
    link.addEventListener("focus", () => box.focus({ preventScroll: true }));
    document.getElementById("anze-lookup-place").after(everywhere);
    const status = make("div", { class: "status" }, said, tools);
    tab.append(box, keys(), status, list, link);
    tab.insertBefore(box, document.getElementById("anze-lookup-place"));
  }

  function keys() {
    const named = [
      ["/", words.key_focus],
      ["↑ ↓", words.key_choose],
      [words.enter, words.key_open],
      ["C", words.key_copy],
      ["Esc", words.key_back],
    ];
    const shown = named.map(([key, does]) => {
      const also = key === "C" ? [`（${words.in_box} `, make("kbd", {}, "Ctrl C"), "）"] : [];
      return make("li", {}, make("kbd", {}, key), ` ${does}`, ...also);
    });
    return make("ul", { class: "keys", "aria-label": words.keys }, ...shown);
  }

  // The place is set in the head of the page; the server writes it above the list.

  const place = () => {
    const name = document.querySelector("#anze-lookup-place b");
    return name ? name.textContent : "";
  };

  function tellPlace() {
    here = place();
    everywhere.hidden = !here;
    everywhere.textContent = everyPlace
      ? words.only_here.replace("{place}", here)
      : words.everywhere;
    document.getElementById("anze-lookup-place").classList.toggle("off", everyPlace && !!here);
  }

  function search() {
    clearTimeout(timer);
    if (under_way) under_way.abort();
    keep(box.value);
    if (!box.value.trim()) {
      fill("");
      return;
    }
    under_way = new AbortController();
    find(box.value, under_way.signal);
  }

  async function find(typed, signal) {
    const asked = new URLSearchParams({ q: typed, lang: language });
    if (place() && !everyPlace) asked.set("place", place());
    try {
      const response = await fetch(`/lookup?${asked}`, { signal });
      const text = await response.text();
      if (signal.aborted) return;
      if (response.status === 401 || response.redirected) location.reload();
      else if (response.status === 429) tell(words.busy);
      else if (response.ok) fill(text);
      else tell(words.lost);
    } catch (fault) {
      if (fault.name !== "AbortError") tell(words.lost);
    }
  }

  function fill(text) {
    list.innerHTML = text;
    const made = list.firstElementChild;
    said.textContent = made ? made.dataset.said : "";
    said.classList.remove("fault");
    const count = options().length;
    box.setAttribute("aria-expanded", String(count > 0));
    box.setAttribute("aria-controls", count ? "anze-found" : "anze-lookup-list");
    tools.hidden = !count;
    list.classList.toggle("is-calm", !count);
    choose(count ? 0 : -1);
  }

  function tell(sentence) {
    said.textContent = sentence;
    said.classList.add("fault");
  }

  function choose(place) {
    const all = options();
    chosen = all.length ? Math.max(0, Math.min(place, all.length - 1)) : -1;
    all.forEach((option, n) => option.setAttribute("aria-selected", String(n === chosen)));
    for (const owner of [box, list.querySelector('[role="listbox"]')]) {
      if (!owner) continue;
      if (chosen < 0) owner.removeAttribute("aria-activedescendant");
      else owner.setAttribute("aria-activedescendant", all[chosen].id);
    }
    if (chosen > 0 || scrollY) all[chosen]?.scrollIntoView({ block: "nearest" });
  }

  function open() {
    const option = options()[chosen];
    if (!option) return;
    link.href = option.dataset.url;
    link.click();
  }

  async function copy() {
    const option = options()[chosen];
    if (!option) return;
    const text = option.dataset.citation;
    const done = await written(text);
    said.classList.toggle("fault", !done);
    said.textContent = done ? `${words.copied} ${text}` : words.not_copied;
  }

  // Over plain http from another machine there is no clipboard interface; the old command is.
  async function written(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const before = document.activeElement;
      const field = make("textarea", { class: "vh", "aria-hidden": "true" });
      field.value = text;
      document.body.append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      if (before) before.focus({ preventScroll: true });
      return done;
    }
  }

  function keep(typed) {
    try {
      sessionStorage.setItem(KEPT, typed);
    } catch {
      // A browser that keeps nothing still searches.
    }
  }

  function kept() {
    try {
      return sessionStorage.getItem(KEPT) || "";
    } catch {
      return "";
    }
  }

  const panelIsOpen = () => Boolean(document.querySelector("#anze-reader[open]"));
  const composing = (event) => event.isComposing || event.keyCode === 229;
  const plain = (event) => !(event.ctrlKey || event.metaKey || event.altKey);
  // No query begins with the key that leads to the box, so an empty box takes it for the key.
  const isTyping = (element) =>
    !(element === box && !box.value) &&
    (element.matches("input, textarea, select, [contenteditable]") || element.isContentEditable);

  function onListKey(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 5, PageUp: -5 };
    if (event.key in steps && options().length) choose(chosen + steps[event.key]);
    else if (event.key === "Enter") open();
    else return false;
    return true;
  }

  function onKey(event) {
    if (!isShown() || composing(event)) return;
    const inside = event.target === box || event.target.closest("#anze-found");
    const inBox = event.target === box;
    let done = false;
    if (inside && plain(event)) done = onListKey(event);
    if (!done && event.key === "/" && plain(event) && !isTyping(event.target)) done = focusBox();
    if (!done && event.key === "Escape" && !panelIsOpen()) done = back(inBox);
    if (!done && event.key.toLowerCase() === "c") done = wantsCopy(event, inBox);
    if (done) event.preventDefault();
  }

  function wantsCopy(event, inBox) {
    const held = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
    const nothingMarked = String(getSelection()) === "" && box.selectionStart === box.selectionEnd;
    const pressed = inBox ? held && nothingMarked : plain(event) && !isTyping(event.target);
    if (!pressed || chosen < 0) return false;
    copy();
    return true;
  }

  function whenShown(does, times = 40) {
    if (isShown()) does();
    else if (times) setTimeout(whenShown, 25, does, times - 1);
  }

  function focusBox() {
    box.focus();
    box.select();
    return true;
  }

  function back(inBox) {
    if (!inBox) return focusBox();
    if (!box.value) return false;
    box.value = "";
    search();
    return true;
  }

  function onClick(event) {
    const option = event.target.closest('[role="option"]');
    if (!option || String(getSelection())) return;
    choose(options().indexOf(option));
    if (event.target.closest("[data-copy]")) copy();
    else open();
  }

  function listen() {
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(search, PAUSE);
    };
    box.addEventListener("input", (event) => event.isComposing || later());
    box.addEventListener("compositionend", later);
    list.addEventListener("click", onClick);
    document.addEventListener("keydown", onKey, true); // before the panel hears of Escape
    // Who comes by mouse wants to type; by keyboard the focus stays on the tab, as it should.
    document.addEventListener("click", (event) => {
      if (event.detail && event.target.closest("#anze-tab-lookup-button")) whenShown(focusBox);
    });
    const line = document.getElementById("anze-lookup-place");
    new MutationObserver(() => {
      if (place() === here) return;
      everyPlace = false;
      tellPlace();
      search();
    }).observe(line, { childList: true, subtree: true, characterData: true });
  }

  function ready() {
    const tab = document.getElementById("anze-lookup");
    const line = document.getElementById("anze-lookup-place");
    if (!tab || !line || !line.textContent.trim()) return false;
    build(tab);
    listen();
    tellPlace();
    box.value = kept();
    if (box.value) search();
    return true;
  }

  const waiting = new MutationObserver(() => {
    if (!ready()) return;
    waiting.disconnect();
  });
  waiting.observe(document, { childList: true, subtree: true });
})();
