// Copyright: (c) 2026, panw.cloud contributors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sorts, filters and pages the tables of a report. Without this script they are plain tables with all rows.
//
// A table with data-paged is paged, by that many rows. The form filters the table with the ID "all":
//   select data-column: the rows whose cell in that column equals the value. select data-filled: those with a text in the column that the value names.
//   select data-size: the rows in a page. Its search field finds words in a row, and in the element whose ID the row has in data-details.
// After filtering, the table gets the event "found", whose detail is the array of rows.
"use strict";
(() => {
  const order = new Intl.Collator("en", { numeric: true });
  const grouped = new Intl.NumberFormat("en");

  function make(name, properties, ...children) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  }

  // The sort key of a row in a column: the text of the cell without the small text below it.
  function key(row, column) {
    const cell = row.cells[column];
    const first = cell.firstChild;
    const text = first === null || first.localName === "small" ? "" : first.textContent.trim();
    return cell.classList.contains("n") ? text.replaceAll(",", "") : text;
  }

  class Rows {
    constructor(table) {
      this.body = table.querySelector("tbody[data-rows]");
      this.size = Number(table.dataset.paged);
      this.all = Array.from(this.body.rows);
      this.found = this.all;
      this.keep = () => true;
      this.start = 0;
      this.heads = Array.from(table.tHead.rows[0].cells);
      this.heads.forEach((head, column) => {
        if (head.localName !== "th") return;
        head.setAttribute("aria-sort", "none");
        const button = make("button", { type: "button" }, ...head.childNodes);
        button.addEventListener("click", () => this.sort(column));
        head.append(button);
      });
      this.where = make("span", { className: "hint", role: "status" });
      this.back = make("button", { type: "button" }, "Previous");
      this.on = make("button", { type: "button" }, "Next");
      this.back.addEventListener("click", () => this.show(Math.max(0, this.start - this.size)));
      this.on.addEventListener("click", () => {
        if (this.start + this.size < this.found.length) this.show(this.start + this.size);
      });
      const pages = make("nav", { className: "pages", ariaLabel: `Pages: ${table.caption.textContent}` }, this.back, this.on, this.where);
      table.parentElement.after(pages);
      this.show(0);
    }

    sort(column) {
      const head = this.heads[column];
      const down = head.ariaSort === "ascending";
      for (const other of this.heads) if (other.localName === "th") other.ariaSort = "none";
      head.ariaSort = down ? "descending" : "ascending";
      const keyed = this.all.map((row) => ({ row, key: key(row, column) }));
      // Rows without a value come last in both directions.
      keyed.sort((a, b) => (a.key === "") - (b.key === "") || (down ? -1 : 1) * order.compare(a.key, b.key));
      this.all = keyed.map((entry) => entry.row);
      this.filter(this.keep);
    }

    filter(keep) {
      this.keep = keep;
      this.found = this.all.filter(keep);
      this.show(0);
      this.body.parentElement.dispatchEvent(new CustomEvent("found", { detail: this.found }));
    }

    show(start) {
      const total = this.found.length;
      this.start = start;
      const end = Math.min(this.start + this.size, total);
      this.body.replaceChildren(...this.found.slice(this.start, end));
      // aria-disabled instead of disabled, so that the button keeps the focus.
      this.back.ariaDisabled = this.start === 0;
      this.on.ariaDisabled = end === total;
      this.back.hidden = this.on.hidden = total <= this.size;
      const range = total ? `${grouped.format(this.start + 1)} to ${grouped.format(end)} of ${grouped.format(total)}` : "No matching rows";
      this.where.textContent = range;
    }
  }

  function filterable(rows, form) {
    const find = form.querySelector("input[type=search]");
    const selects = Array.from(form.querySelectorAll("select:not([data-size])"));
    const size = form.querySelector("[data-size]");
    const texts = new Map();
    const text = (row) => {
      if (!texts.has(row)) {
        const details = document.getElementById(row.dataset.details ?? "");
        texts.set(row, `${row.textContent} ${details?.textContent ?? ""}`.toLowerCase());
      }
      return texts.get(row);
    };
    const selected = (row, select) =>
      !select.value ||
      ("filled" in select.dataset ? key(row, Number(select.value)) !== "" : key(row, Number(select.dataset.column)) === select.value);
    const apply = () => {
      const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
      rows.size = Number(size.value);
      rows.filter((row) => selects.every((select) => selected(row, select)) && words.every((word) => text(row).includes(word)));
    };
    form.addEventListener("input", apply);
    form.addEventListener("reset", () => setTimeout(apply));
    form.addEventListener("submit", (event) => event.preventDefault());
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select")) return;
      event.preventDefault();
      find.focus();
    });
    form.hidden = false;
  }

  // Long tables are laid out only after most of their rows are removed; if this script does not run, nothing is hidden.
  const page = document.documentElement;
  page.classList.add("waiting");
  document.addEventListener("DOMContentLoaded", () => {
    for (const table of document.querySelectorAll("table[data-paged]")) {
      const rows = new Rows(table);
      if (table.id === "all") filterable(rows, document.querySelector("form"));
    }
    page.classList.remove("waiting");
  });
})();
