package io.meshwork.internal.publish.run;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.BrokenRules;
import io.meshwork.product.ProductName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * The rules that the rows of a table still break after one publish, of the rules that they break
 * since a rollback: the publish may remove the invalid rows. The result is cached until the table's
 * files change, because computing it reads the table. Not thread-safe.
 */
final class RemainingViolations {
  private final ClientSession session;
  private final ProductName product;
  private final VersionEntry version;
  private final Deadline deadline;
  private final MeshAction action;
  private @Nullable CachedResult last;

  RemainingViolations(
      ClientSession session,
      ProductName product,
      VersionEntry version,
      Deadline deadline,
      MeshAction action) {
    this.session = session;
    this.product = product;
    this.version = version;
    this.deadline = deadline;
    this.action = action;
  }

  /**
   * The last result.
   *
   * @param earlierRules IDs of the rules that were known to be broken
   * @param files locations of the files that were read
   * @param broken IDs of the rules that are still broken
   */
  private record CachedResult(List<String> earlierRules, Set<String> files, List<String> broken) {}

  /**
   * Adds the rules that are still broken to a snapshot's summary, if any were broken before.
   *
   * @param table the table before the publish
   * @param files all its files after the publish
   */
  void addTo(Table table, List<DataFile> files, Map<String, String> summary) {
    List<String> earlierRules = BrokenRules.asOf(table, table.currentSnapshot());
    if (!earlierRules.isEmpty()) {
      BrokenRules.addTo(remaining(table, earlierRules, files), summary);
    }
  }

  private List<String> remaining(Table table, List<String> earlierRules, List<DataFile> files) {
    Set<String> locations = files.stream().map(DataFile::location).collect(Collectors.toSet());
    CachedResult result = last;
    if (result == null
        || !result.earlierRules.equals(earlierRules)
        || !result.files.equals(locations)) {
      List<String> broken =
          new RestoredRowsCheck(session, product, version, table, deadline, action)
              .remaining(earlierRules, files);
      result = new CachedResult(earlierRules, locations, broken);
      last = result;
    }
    return result.broken;
  }
}
