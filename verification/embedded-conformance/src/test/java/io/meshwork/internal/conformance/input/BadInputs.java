package io.meshwork.internal.conformance.input;

import java.util.List;

/**
 * The invalid inputs that every mesh rejects, by topic. Numbers refer to the fault plan; a dash
 * marks an input that is not in it.
 *
 * <p>Numbers 2, 76, and 77 require separate files or registries and are in {@link BadInputTest} and
 * {@link BadInputInMemoryTest}; 75 and 82, a network disk and an old SQLite version, are in {@code
 * SqliteRegistryTest}; 17, unknown keys in the text of a contract, is in {@code ContractJsonTest}.
 *
 * <p>Not applicable until Meshwork supports these features:
 *
 * <ul>
 *   <li>contracts written as YAML: 11 to 16, 18, 20, and of 19 owner and service level
 *   <li>major versions beside earlier ones: 73, 74
 *   <li>rows from text, such as JSON and CSV: 53, and the parts of 37 and 41 about texts that may
 *       be numbers or instants; currently such texts are rejected as text
 *   <li>rows from Avro files: 52
 *   <li>variants: 51
 *   <li>a staging area: 60, 78; files are currently written to their final location
 *   <li>templates for notices: 63; limits on the tags of a product, of 61
 *   <li>dates of grants as text: 65; a maximum duration of grants for the mesh: 66
 *   <li>private products, of 72: every principal may describe a product, so the error concerns
 *       access and not the name
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
