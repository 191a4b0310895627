// Where there is little room, place and office are one line in the head that opens.
"use strict";

(() => {
  const words = JSON.parse(document.querySelector('meta[name="anze-words"]').content);

  function ready() {
    const line = document.getElementById("anze-setting-line");
    const fields = document.getElementById("anze-setting");
    if (!line || !fields) return false;
    fields.setAttribute("role", "group");
    fields.setAttribute("aria-label", words.setting);
    line.setAttribute("aria-controls", fields.id);
    line.setAttribute("aria-expanded", "false");

    function open(yes) {
      line.setAttribute("aria-expanded", String(yes));
      fields.classList.toggle("open", yes);
    }

    line.addEventListener("click", () => open(line.getAttribute("aria-expanded") === "false"));
    document.addEventListener("pointerdown", (event) => {
      if (!event.target.closest("#anze-setting, #anze-setting-line, ul.options, .option-list")) {
        open(false);
      }
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || line.getAttribute("aria-expanded") === "false") return;
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
