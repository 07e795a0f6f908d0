
(() => {
  const table = document.getElementById("awards-table");
  const controls = document.getElementById("controls");
  if (!table || !controls) return;
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
  const field = (id) => document.getElementById(id);
  const result = field("shown");
  const more = field("more");
  const FIRST = 40; // rows that stand until somebody asks for the rest
  let all = false;

  const filter = () => {
    const words = field("words").value.toLowerCase().split(/\s+/).filter(Boolean);
    const district = field("district").value;
    const status = field("status").value;
    let count = 0;
    let sum = 0;
    Array.from(body.rows).forEach((row) => {
      const keep = words.every((word) => texts.get(row).includes(word)) &&
        (!district || row.dataset.district === district) &&
        (!status || row.dataset.status === status);
      row.hidden = !keep || (!all && count >= FIRST);
      if (keep) {
        count += 1;
        sum += Number(row.dataset.award);
      }
    });
    result.textContent = result.dataset.form
      .replace("{n}", count.toLocaleString("en"))
      .replace("{sum}", sum.toLocaleString("en"));
    more.textContent = more.dataset.form.replace("{n}", count.toLocaleString("en"));
    more.hidden = all || count <= FIRST;
  };

  const value = (row, column) => {
    const cell = row.cells[column];
    const text = cell.dataset.v ?? cell.textContent.trim();
    return { text, number: Number(text.replaceAll(",", "")) };
  };
  const sort = (header, column) => {
    const down = header.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", down ? "descending" : "ascending");
    const numeric = header.classList.contains("n");
    const keys = new Map(rows.map((row) => [row, value(row, column)]));
    const order = rows.slice().sort((a, b) => {
      const [left, right] = [keys.get(a), keys.get(b)];
      const blank = (left.text === "") - (right.text === "");
      if (blank) return blank; // last, whichever way
      const sign = numeric
        ? (left.number === right.number ? 0 : left.number < right.number ? -1 : 1)
        : left.text.localeCompare(right.text, document.documentElement.lang);
      return down ? -sign : sign;
    });
    body.append(...order);
    filter();
  };
  Array.from(table.tHead.rows[0].cells).forEach((header, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    button.addEventListener("click", () => sort(header, column));
    header.append(button);
  });
  for (const id of ["words", "district", "status"]) field(id).addEventListener("input", filter);
  more.addEventListener("click", () => {
    all = true;
    filter();
  });
  controls.hidden = false;
  filter();
})();

// A table that is wider than the screen can be reached and moved by keyboard.
(() => {
  const wide = () => {
    for (const box of document.querySelectorAll(".scroll")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  addEventListener("resize", wide);
  document.fonts.ready.then(wide);
})();
