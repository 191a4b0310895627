// Where there is little room, place and office are one line in the head that opens.
"use strict";

(() => {
  const { words } = window.anze;

  function ready() {
    const line = document.getElementById("anze-setting-line");
    const fields = document.getElementById("anze-setting");
    if (!line || !fields) return false;
    fields.setAttribute("role", "group");
    fields.setAttribute("aria-label", words.setting);
    line.setAttribute("aria-controls", fields.id);
    line.setAttribute("aria-expanded", "false");

    const chosen = new Set(); // the fields in which something was chosen since it was opened
    const isOpen = () => line.getAttribute("aria-expanded") === "true";
    const inside = (element) =>
      Boolean(element.closest?.("#anze-setting, #anze-setting-line, ul.options, .option-list"));

    function open(yes) {
      chosen.clear();
      line.setAttribute("aria-expanded", String(yes));
      fields.classList.toggle("open", yes);
    }

    // The framework hears of a key or a press first: what was chosen or typed is taken over.
    function closeSoon() {
      setTimeout(() => {
        if (!isOpen()) return;
        const held = fields.contains(document.activeElement);
        open(false);
        if (held) line.focus();
      }, 50);
    }

    function choose(field) {
      chosen.add(field.id);
      if (chosen.size > 1) closeSoon();
    }

    line.addEventListener("click", () => open(!isOpen()));
    document.addEventListener(
      "pointerdown",
      (event) => {
        if (!inside(event.target)) open(false);
        else if (isOpen() && event.target.closest("ul.options, .option-list")) {
          const list = fields.querySelector('[role="combobox"][aria-expanded="true"]');
          const field = list && list.closest("#anze-place, #anze-office");
          if (field) choose(field);
        }
      },
      true,
    );
    document.addEventListener("focusin", (event) => {
      if (isOpen() && !inside(event.target)) open(false);
    });
    document.addEventListener("click", (event) => {
      if (event.target.closest?.('#anze-tabs button[role="tab"]')) open(false);
    });
    // What is typed replaces the value that is shown, a 不限 as well. Selected at once, and again
    // when the press that gave the focus ends (it sets the caret); never later, when somebody quick
    // has begun to type and would lose what is selected then.
    let entered = null;
    fields.addEventListener("focusin", (event) => {
      entered = event.target.matches("#anze-office input") ? event.target : null;
      entered?.select();
    });
    fields.addEventListener("click", (event) => {
      if (event.target === entered) entered.select();
      entered = null;
    });
    fields.addEventListener("input", () => {
      entered = null;
    });
    document.addEventListener("keydown", (event) => {
      if (!isOpen() || event.isComposing) return;
      if (event.key === "Enter" && fields.contains(event.target)) closeSoon();
      if (event.key !== "Escape") return;
      if (fields.querySelector('[role="combobox"][aria-expanded="true"]')) return; // closes first
      open(false);
      line.focus();
    });
    return true;
  }

  const waiting = new MutationObserver(() => {
    if (ready()) waiting.disconnect();
  });
  waiting.observe(document, { childList: true, subtree: true });
})();
