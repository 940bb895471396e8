package io.meshwork.testkit;

import java.util.List;

/** The bad inputs that every mesh refuses, one row each, by themes. */
final class BadInputs {
  private BadInputs() {}

  static List<BadInput> all() {
    BadInputTable table = new BadInputTable();
    BadRequests.addTo(table);
    BadFilters.addTo(table);
    BadContracts.addTo(table);
    BadSchemas.addTo(table);
    BadValues.addTo(table);
    BadFiles.addTo(table);
    BadStores.addTo(table);
    BadNames.addTo(table);
    return table.rows();
  }
}
