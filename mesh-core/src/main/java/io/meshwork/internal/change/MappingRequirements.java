package io.meshwork.internal.change;

import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.majors.ColumnMap;
import io.meshwork.internal.majors.ColumnMap.Direction;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;

/**
 * Finds the publishes that need a mapping after an amendment, and none before it: publishes that
 * write several major versions, whose columns no longer follow from each other. Used once.
 */
final class MappingRequirements {
  private final VersionEntry current;
  private final VersionEntry mapped;
  private final Schema otherColumns;
  private final List<Finding> findings = new ArrayList<>();

  private MappingRequirements(VersionEntry current, VersionEntry mapped, Schema otherColumns) {
    this.current = current;
    this.mapped = mapped;
    this.otherColumns = otherColumns;
  }

  /**
   * Returns a warning for each column that a mapping must compute; empty if the major version is
   * published alone, or if nothing changes for publishes without a mapping.
   *
   * @param columns the columns of its table before the amendment
   * @param next its contract after the amendment
   * @param nextColumns the columns of its table after the amendment
   */
  static List<Finding> of(
      ClientSession session,
      ProductName product,
      VersionEntry current,
      Schema columns,
      Contract next,
      Schema nextColumns,
      MeshAction action) {
    List<Finding> findings = new ArrayList<>();
    for (int major : current.publishedWith()) {
      MappingRequirements requirements =
          new MappingRequirements(
              current,
              session.catalog().requireFor(Use.DESCRIBE, product, major, action),
              session.tables().load(TableName.of(product, major)).schema());
      requirements.compare(
          requirements.map(current.contract(), columns), requirements.map(next, nextColumns));
      findings.addAll(requirements.findings);
    }
    return findings;
  }

  /** Maps a contract of the amended major version to the other one. */
  private ColumnMap map(Contract contract, Schema columns) {
    return current.major() < mapped.major()
        ? ColumnMap.of(contract, columns, mapped.contract(), otherColumns)
        : ColumnMap.of(mapped.contract(), otherColumns, contract, columns);
  }

  private void compare(ColumnMap before, ColumnMap after) {
    for (Direction direction : Direction.values()) {
      if (before.isTotal(direction)) {
        after.gaps(direction).forEach(gap -> add(direction, gap));
      }
    }
  }

  private void add(Direction direction, Finding gap) {
    boolean toNewer = direction == Direction.TO_NEWER;
    int older = Math.min(current.major(), mapped.major());
    int newer = Math.max(current.major(), mapped.major());
    int from = toNewer ? older : newer;
    int to = toNewer ? newer : older;
    findings.add(
        new Finding(
            FindingCode.MAPPING_REQUIRED,
            Finding.Severity.WARNING,
            gap.where(),
            "While the rollout runs, rows of major version "
                + from
                + " can then be published to major version "
                + to
                + " only with a mapping: "
                + gap.what(),
            0,
            List.of(),
            "Before you commit it, add alsoTo("
                + to
                + ", row -> ..) to the jobs that publish rows of major version "
                + from
                + "."));
  }
}
