// The tab that is shown stands in the address (/#lookup), so that a link can lead back to it.
"use strict";

(() => {
  const button = (name) => document.getElementById(`anze-tab-${name}-button`);

  function show() {
    const tab = /^#(chat|lookup|compare|documents)$/.exec(location.hash);
    if (tab && button(tab[1])) button(tab[1]).click();
  }

  document.addEventListener("click", (event) => {
    const tab = event.target.closest('#anze-tabs button[role="tab"]');
    const name = tab && /^anze-tab-(\w+)-button$/.exec(tab.id);
    if (name && location.hash !== `#${name[1]}`) history.replaceState(history.state, "", `#${name[1]}`);
  });

  addEventListener("hashchange", show);
  const waiting = new MutationObserver(() => {
    if (!button("documents")) return;
    waiting.disconnect();
    setTimeout(show);
  });
  waiting.observe(document, { childList: true, subtree: true });
})();
