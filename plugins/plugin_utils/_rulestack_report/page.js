// Copyright: (c) 2026, panw.cloud contributors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Shows the details of the rulestacks that the filter finds, opens and closes them all, and opens them for print.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const all = Array.from(document.querySelectorAll("details"));
  if (!all.length) return;
  const targets = Array.from(document.querySelectorAll("section.target"));

  document.getElementById("all").addEventListener("found", ({ detail: rows }) => {
    const rulestacks = new Set(rows.map((row) => row.dataset.details));
    const found = new Set(rows.map((row) => row.dataset.target));
    for (const details of all) details.hidden = !rulestacks.has(details.querySelector(".inside").id);
    for (const target of targets) target.hidden = !found.has(target.querySelector("h3").id);
  });

  const toggle = Object.assign(document.createElement("button"), { type: "button", textContent: "Open or close all" });
  toggle.addEventListener("click", () => {
    const shown = all.filter((details) => !details.hidden && !details.parentElement.hidden);
    const open = !shown.every((details) => details.open);
    for (const details of shown) details.open = open;
  });
  document.querySelector(".legend").after(toggle);

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all.filter((details) => !details.open);
    for (const details of closed) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of closed) details.open = false;
  });
});
