(function () {
  "use strict";
  var filter = document.querySelector("[data-filter]");
  if (filter) {
    var input = filter.querySelector("input");
    var found = filter.querySelector("[role=status]");
    var rows = Array.prototype.slice.call(document.querySelectorAll("table[data-filtered] tbody tr, ul[data-filtered] li"));
    filter.hidden = false;
    input.addEventListener("input", function () {
      var words = input.value.toLowerCase().split(/\s+/);
      var shown = 0;
      rows.forEach(function (row) {
        var text = row.textContent.toLowerCase();
        row.hidden = !words.every(function (word) { return text.indexOf(word) >= 0; });
        shown += row.hidden ? 0 : 1;
      });
      found.textContent = shown + " of " + rows.length;
    });
  }
  Array.prototype.forEach.call(document.querySelectorAll("[data-copy]"), function (block) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", "Copy: " + block.querySelector("h3").textContent);
    button.addEventListener("click", function () {
      var range = document.createRange();
      range.selectNodeContents(block.querySelector("code"));
      var selection = window.getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      button.textContent = document.execCommand("copy") ? "Copied" : "Selected";
      button.setAttribute("aria-label", button.textContent);
    });
    block.appendChild(button);
  });
  Array.prototype.forEach.call(document.querySelectorAll("table[data-sortable]"), function (table) {
    var heads = table.querySelectorAll("thead th");
    Array.prototype.forEach.call(heads, function (head, index) {
      var button = document.createElement("button");
      button.type = "button";
      while (head.firstChild) { button.appendChild(head.firstChild); }
      head.appendChild(button);
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === "ascending";
        Array.prototype.forEach.call(heads, function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        var body = table.tBodies[0];
        var value = function (row) {
          var cell = row.cells[index];
          return cell.getAttribute("data-value") || cell.textContent.trim().toLowerCase();
        };
        Array.prototype.slice.call(body.rows).sort(function (a, b) {
          var left = value(a);
          var right = value(b);
          var order = left !== "" && right !== "" && !isNaN(left) && !isNaN(right)
            ? left - right
            : left < right ? -1 : left > right ? 1 : 0;
          return down ? -order : order;
        }).forEach(function (row) { body.appendChild(row); });
      });
    });
  });
})();
