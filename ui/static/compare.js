// The comparison: its address stands in the browser's bar, its first line is said aloud.
"use strict";

(() => {
  const status = document.createElement("p");
  status.className = "vh";
  status.setAttribute("role", "status");

  function follow(box) {
    let shown = "";
    new MutationObserver(() => {
      const link = box.querySelector(".compared > .do a");
      const address = link ? link.getAttribute("href") : "";
      if (!address || address === shown) return;
      shown = address;
      history.replaceState(history.state, "", address);
      status.textContent = box.querySelector(".summary").textContent;
    }).observe(box, { childList: true, subtree: true });
  }

  // What is copied must work elsewhere: the whole address. Before the copying itself hears of it.
  document.addEventListener(
    "click",
    (event) => {
      const button = event.target.closest("#anze-compared button.link");
      if (button) button.value = new URL(button.value, location.href).href;
    },
    true,
  );

  function ready() {
    const box = document.getElementById("anze-compared");
    if (!box) return false;
    document.body.append(status);
    follow(box);
    return true;
  }

  const waiting = new MutationObserver(() => {
    if (ready()) waiting.disconnect();
  });
  waiting.observe(document, { childList: true, subtree: true });
})();
