// What the page's other scripts use (`window.anze`), and the panel beside the answer that opens a
// citation. Without this file every link still works: it leads to the provision's own page.
"use strict";

(() => {
  const words = JSON.parse(document.querySelector('meta[name="anze-words"]').content);

  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  window.anze = { words, make };

  // The framework takes its own few words from the browser's language, not from the page's.
  const language = document.documentElement.lang;
  Object.defineProperty(navigator, "language", { get: () => language });
  Object.defineProperty(navigator, "languages", { get: () => [language] });

  const narrow = window.matchMedia("(max-width: 60rem)");
  let reader = null;
  let opener = null;

  function makeReader() {
    reader = document.createElement("dialog");
    reader.id = "anze-reader";
    reader.setAttribute("aria-labelledby", "reader-title");
    const bar = document.createElement("div");
    bar.className = "close";
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words.close;
    button.addEventListener("click", close);
    bar.append(button);
    const body = document.createElement("div");
    body.className = "body";
    reader.append(bar, body);
    reader.addEventListener("cancel", (event) => {
      event.preventDefault();
      close();
    });
    document.body.append(reader);
  }

  async function open(link) {
    const url = new URL(link.href);
    url.searchParams.set("part", "panel");
    url.hash = "";
    let response;
    try {
      response = await fetch(url);
    } catch {
      response = { ok: false };
    }
    if (!response.ok) {
      location.assign(link.href);
      return;
    }
    show(await response.text(), link);
  }

  function show(text, link) {
    if (!reader) makeReader();
    reader.querySelector(".body").innerHTML = text;
    if (!reader.open) {
      opener = link;
      if (narrow.matches) {
        reader.showModal();
        history.pushState({ reader: true }, "");
      } else {
        reader.show();
      }
    }
    markCard(link);
    reader.scrollTop = 0;
    reader.querySelector("#reader-title").focus({ preventScroll: true });
    const target = reader.querySelector("mark") || reader.querySelector(".here");
    const { top, bottom } = target.getBoundingClientRect();
    if (bottom > innerHeight - 40 || top < 0) target.scrollIntoView({ block: "start" });
  }

  function markCard(link) {
    if (reader.contains(link)) return;
    const path = link.getAttribute("href");
    for (const card of document.querySelectorAll("#anze-basis .card")) {
      const own = card.querySelector("a.open");
      card.classList.toggle("current", Boolean(own) && own.getAttribute("href") === path);
    }
  }

  function close() {
    if (!reader || !reader.open) return;
    const modal = history.state && history.state.reader;
    hide();
    if (modal) history.back();
  }

  function hide() {
    reader.close();
    for (const card of document.querySelectorAll(".card.current")) card.classList.remove("current");
    if (opener && opener.isConnected) opener.focus();
    opener = null;
  }

  addEventListener("popstate", () => {
    if (reader && reader.open) hide();
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest('#anze-page a[href^="/p/"], #anze-reader a[href^="/p/"]');
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);
    if (!link || !plain || link.matches("[data-whole], .entry a")) return;
    event.preventDefault();
    open(link);
  });

  // The framework would open the page in the other language in a window of its own.
  document.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest("#anze-language a[target]");
      if (link) link.removeAttribute("target");
    },
    true,
  );

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && reader && reader.open) close();
  });

  // Enter that ends the choosing of a character is no sending of the question.
  for (const name of ["keydown", "keypress"]) {
    document.addEventListener(
      name,
      (event) => {
        if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) {
          event.stopPropagation();
        }
      },
      true,
    );
  }

  // The newest question moves to the top when it is asked, and again when its answer is whole;
  // while the answer grows the reader is left where he is. It is read out when it is whole.
  function follow(talk, log) {
    let count = 0;
    let wasBusy = false;
    new MutationObserver(() => {
      const turns = log.querySelectorAll(".asked");
      const busy = Boolean(log.querySelector(".pending"));
      log.setAttribute("aria-busy", String(busy));
      if (turns.length !== count || (wasBusy && !busy)) {
        document.getElementById("anze-basis").scrollTop = 0;
        if (turns.length) requestAnimationFrame(() => toTop(talk, turns[turns.length - 1]));
      }
      count = turns.length;
      wasBusy = busy;
    }).observe(log, { childList: true, subtree: true });
  }

  // A session that has ended looks like a lost connection; the page itself then leads to the login.
  async function logInAgain() {
    const response = await fetch("/api/v1/documents").catch(() => null);
    if (response && response.status === 401) location.reload();
  }

  // The framework tells of a lost connection in English; this says it instead.
  function warn() {
    const note = document.createElement("p");
    note.id = "anze-alert";
    note.setAttribute("role", "alert");
    document.body.append(note);
    new MutationObserver(() => {
      const wrap = document.querySelector(".toast-wrap");
      const told = wrap && wrap.childElementCount ? words.lost : "";
      if (note.textContent === told) return;
      note.textContent = told;
      if (told) logInAgain();
    }).observe(document.body, { childList: true, subtree: true });
  }

  function toTop(talk, turn) {
    const distance = turn.getBoundingClientRect().top - 24;
    if (narrow.matches) scrollBy(0, distance);
    else talk.scrollBy(0, distance - talk.getBoundingClientRect().top);
  }

  function ready() {
    const talk = document.getElementById("anze-talk");
    const log = document.getElementById("anze-log");
    if (!talk || !log || !document.getElementById("anze-basis")) return false;
    log.setAttribute("role", "log");
    log.setAttribute("aria-label", words.log);
    const basis = document.getElementById("anze-basis");
    basis.setAttribute("role", "region");
    basis.setAttribute("aria-label", words.basis);
    for (const box of [talk, basis]) box.tabIndex = 0;
    follow(talk, log);
    warn();
    return true;
  }

  const waiting = new MutationObserver(() => {
    if (ready()) waiting.disconnect();
  });
  waiting.observe(document, { childList: true, subtree: true });
})();
