// Hover details, the theme switch, and folded parts opened for paper. The page is complete without them.
(() => {
  const root = document.documentElement;
  const tip = document.getElementById("tip");
  const edge = 8;

  // Browsers show a title slowly and twice beside the tip.
  for (const title of document.querySelectorAll("[data-tip] > title")) title.remove();

  const hide = () => { tip.hidden = true; };
  const show = (mark) => {
    tip.textContent = mark.dataset.tip;
    tip.hidden = false;
    const box = mark.getBoundingClientRect();
    const left = box.left + box.width / 2 - tip.offsetWidth / 2;
    const above = box.top - tip.offsetHeight - edge;
    tip.style.left = `${Math.max(edge, Math.min(left, root.clientWidth - tip.offsetWidth - edge))}px`;
    tip.style.top = `${above > edge ? above : box.bottom + edge}px`;
  };
  document.addEventListener("pointerover", (event) => {
    const mark = event.target.closest("[data-tip]");
    if (mark) show(mark);
    else hide();
  });
  document.addEventListener("scroll", hide, { capture: true, passive: true });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });

  const theme = document.getElementById("theme");
  theme.hidden = false;
  theme.addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });

  addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("details:not(.listing)")) part.open = true;
  });
})();
