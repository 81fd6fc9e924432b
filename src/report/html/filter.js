
(() => {
  const form = document.getElementById("filter");
  if (!form) return;
  const rows = [...document.querySelectorAll("tbody tr")].map((row) => {
    const caption = row.closest("table").caption;
    return [row, `${caption ? caption.textContent : ""} ${row.textContent}`.toLowerCase()];
  });
  const nodes = [...document.querySelectorAll("svg .node, svg .edge")].map((node) =>
    [node, node.firstElementChild.textContent.toLowerCase()]);
  const parts = [...document.querySelectorAll(".map, section:not(.graph)")].filter((part) => part.querySelector("tbody tr"));
  const filter = () => {
    const words = form.querySelector("input").value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (text) => words.every((word) => text.includes(word));
    let shown = 0;
    for (const [row, text] of rows) {
      row.hidden = !fits(text);
      if (!row.hidden) shown += 1;
    }
    for (const [node, text] of nodes) node.classList.toggle("dim", !fits(text));
    if (words.length) for (const list of document.querySelectorAll(".many")) list.open = true;
    for (const part of parts) part.hidden = !part.querySelector("tbody tr:not([hidden])");
    const said = form.querySelector("output");
    said.textContent = words.length ? said.dataset.said.replace("%1", shown).replace("%2", rows.length) : "";
  };
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", filter);
  filter();
})();
