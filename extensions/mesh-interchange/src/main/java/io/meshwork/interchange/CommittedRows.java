package io.meshwork.interchange;

import io.meshwork.event.MeshEvent;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * What a commit did to the rows of one major version, from the details of its event. Immutable.
 *
 * @param major the major version
 * @param contract the contract version that the rows were checked against
 * @param rowsAccepted the number of new rows
 * @param rowsQuarantined the number of quarantined rows
 * @param files the number of written data files
 * @param snapshotId the ID of the new snapshot; empty if no row changed
 * @param inputs the declared inputs
 */
record CommittedRows(
    int major,
    ContractVersion contract,
    long rowsAccepted,
    long rowsQuarantined,
    long files,
    Optional<String> snapshotId,
    List<Input> inputs) {
  CommittedRows {
    inputs = List.copyOf(inputs);
  }

  /** Returns the accepted rows in percent of the offered ones; empty if there were none. */
  OptionalDouble qualityScore() {
    long offered = rowsAccepted + rowsQuarantined;
    return offered == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(100.0 * rowsAccepted / offered);
  }

  /**
   * An input that rows were derived from.
   *
   * @param product the input product
   * @param contract the contract version of its snapshot
   * @param snapshotId the ID of its snapshot
   * @param columns pairs such as {@code total=amount}, own column first; empty if not declared
   */
  record Input(
      ProductName product, ContractVersion contract, String snapshotId, List<String> columns) {
    Input {
      columns = List.copyOf(columns);
    }

    private static Input of(Map<?, ?> details) {
      return new Input(
          ProductName.of(text(details, "product")),
          ContractVersion.parse(text(details, "contractVersion")),
          text(details, "snapshotId"),
          list(details, "columns").stream().map(Object::toString).toList());
    }
  }

  /** Returns one for each major version: an event of one alone has its details flat. */
  static List<CommittedRows> of(MeshEvent event) {
    Map<String, Object> details = event.details();
    return details.containsKey("majors")
        ? maps(details, "majors").map(CommittedRows::of).toList()
        : List.of(of(details));
  }

  private static CommittedRows of(Map<?, ?> details) {
    return new CommittedRows(
        (int) number(details, "major"),
        ContractVersion.parse(text(details, "contractVersion")),
        number(details, "rowsAccepted"),
        number(details, "rowsQuarantined"),
        number(details, "files"),
        Optional.ofNullable(details.get("snapshotId")).map(Object::toString),
        maps(details, "derivedFrom").map(Input::of).toList());
  }

  private static Stream<Map<?, ?>> maps(Map<?, ?> details, String name) {
    return list(details, name).stream().map(each -> (Map<?, ?>) each);
  }

  private static List<?> list(Map<?, ?> details, String name) {
    return details.get(name) instanceof List<?> list ? list : List.of();
  }

  private static long number(Map<?, ?> details, String name) {
    return details.get(name) instanceof Number number ? number.longValue() : 0;
  }

  private static String text(Map<?, ?> details, String name) {
    return details.get(name) instanceof String text ? text : "";
  }
}
