package io.meshwork.internal.publish;

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
 * Which of the rules that a table is known to break its rows still break after one publish: rows
 * that go may be those that break them since a rollback brought them back. That reads the table, so
 * the answer is kept until the files are others. One thread.
 */
final class StillBrokenRules {
  private final ClientSession session;
  private final ProductName product;
  private final VersionEntry version;
  private final Deadline deadline;
  private final MeshAction action;
  private @Nullable Answer last;

  StillBrokenRules(
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
   * What was found last.
   *
   * @param known ids of rules that were known to be broken
   * @param files locations of the files that were read
   * @param broken ids of those that are broken still
   */
  private record Answer(List<String> known, Set<String> files, List<String> broken) {}

  /**
   * Has a snapshot say which are broken still, if any were.
   *
   * @param table before the publish
   * @param files all that it has afterwards
   */
  void tell(Table table, List<DataFile> files, Map<String, String> summary) {
    List<String> known = BrokenRules.asOf(table, table.currentSnapshot());
    if (!known.isEmpty()) {
      BrokenRules.addTo(stillBroken(table, known, files), summary);
    }
  }

  private List<String> stillBroken(Table table, List<String> known, List<DataFile> files) {
    Set<String> locations = files.stream().map(DataFile::location).collect(Collectors.toSet());
    Answer answer = last;
    if (answer == null || !answer.known.equals(known) || !answer.files.equals(locations)) {
      List<String> broken =
          new RestoredRules(session, product, version, table, deadline, action)
              .stillBroken(known, files);
      answer = new Answer(known, locations, broken);
      last = answer;
    }
    return answer.broken;
  }
}
