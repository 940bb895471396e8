package io.meshwork.conformance;

import java.util.List;

/**
 * The bad inputs that every mesh refuses, one row each, by themes. Numbers are those of the plan of
 * faults; a dash is a row beyond it.
 *
 * <p>Numbers 2, 76 and 77 need files or a registry of their own and stand beside the suite, in
 * {@link BadInputTest} and {@link BadInputInMemoryTest}; 75 and 82, a network disk and an old
 * SQLite, are judged in {@code SqliteRegistryTest}; 17, what a contract's text says beyond what is
 * known, is kept and so no bad input.
 *
 * <p>Not yet applicable, by the feature that they come with:
 *
 * <ul>
 *   <li>contracts written as YAML: 11 to 16, 18, 20, and of 19 owner and service level
 *   <li>new majors beside earlier ones: 73, 74
 *   <li>rows from texts, such as JSON and CSV: 53, and what 37 and 41 say of texts that may be a
 *       number or an instant; so far no text is either, and that is what they are refused for
 *   <li>rows from Avro files: 52
 *   <li>variants: 51
 *   <li>a staging area: 60, 78; so far files are written where they stay
 *   <li>texts of notices that are templates: 63; and how many tags a product has, of 61
 *   <li>dates of grants as texts: 65; a longest grant of the whole mesh: 66
 *   <li>products that nobody else finds, of 72: a card is shown to all, so what is refused is the
 *       right and not the name
 *   <li>the denials of 71
 *   <li>settings from files and variables, and services: 79, 80, 81
 * </ul>
 */
final class BadInputs {
  private BadInputs() {}

  static List<BadInput> all() {
    BadInputTable table = new BadInputTable();
    BadRequests.addTo(table);
    BadFilters.addTo(table);
    BadContracts.addTo(table);
    BadAmendments.addTo(table);
    BadSchemas.addTo(table);
    BadValues.addTo(table);
    BadFiles.addTo(table);
    BadStores.addTo(table);
    BadNames.addTo(table);
    BadRights.addTo(table);
    return table.rows();
  }
}
