package io.meshwork.internal.scan;

import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.table.FileOrigin;
import io.meshwork.internal.table.TableDraft;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * The copies in a new major version of files that the replaced one no longer has, such as copies of
 * rows that were erased since. An erase, an abort, and the back-fill remove them. From the cut-over
 * on there are none: each erase is from both major versions.
 */
public final class ObsoleteCopies {
  /** The property of a snapshot with the keys of the files whose copies it removed. */
  public static final String REMOVED = "meshwork.back-fill.removed";

  private static final int KEY_LENGTH = 16;

  /** The location of a data file of a table: without the root, and below the table's folder. */
  private static final Pattern OF_TABLE = Pattern.compile(".*(/data/[^/]+/[^/]+/(data/.+))");

  private final ClientSession session;
  private final ProductName product;
  private final VersionEntry from;
  private final VersionEntry to;
  private final boolean possible;

  private ObsoleteCopies(
      ClientSession session,
      ProductName product,
      VersionEntry from,
      VersionEntry to,
      boolean possible) {
    this.session = session;
    this.product = product;
    this.from = from;
    this.to = to;
    this.possible = possible;
  }

  /**
   * Finds them.
   *
   * @param from the replaced major version
   * @param to the new one
   * @param possible false from the cut-over on
   */
  public static ObsoleteCopies of(
      ClientSession session,
      ProductName product,
      VersionEntry from,
      VersionEntry to,
      boolean possible) {
    return new ObsoleteCopies(session, product, from, to, possible);
  }

  /**
   * The key of a file, by which its copies are found. A file that the mesh wrote keeps it when the
   * mesh moves: it is of the location in a folder.
   */
  public static String key(DataFile file) {
    Matcher written = OF_TABLE.matcher(file.location());
    boolean moves =
        written.matches() && FileOrigin.of(written.group(2)).writer() == FileOrigin.Writer.PUBLISH;
    String location = moves ? LocalFileIO.ROOT + written.group(1) : file.location();
    return Sha256.hex(location).substring(0, KEY_LENGTH);
  }

  /** The live files of the new table or of its quarantine, by the key of the file they copy. */
  public static Map<String, List<DataFile>> copies(Table to) {
    Map<String, List<DataFile>> copies = new HashMap<>();
    for (DataFile file : live(to)) {
      FileOrigin.copiedKey(file.location())
          .ifPresent(key -> copies.computeIfAbsent(key, any -> new ArrayList<>()).add(file));
    }
    return copies;
  }

  private static List<DataFile> live(Table table) {
    Snapshot newest = table.currentSnapshot();
    return newest == null ? List.of() : SnapshotFiles.of(table, newest);
  }

  /**
   * Removes the copies of files that an erase changes, in its transaction.
   *
   * @param copied the major versions that a back-fill copies to
   * @param erased the tables of the erased major versions after the erase, by number
   */
  public static void removeWith(
      ClientSession session,
      ProductName product,
      List<VersionEntry> copied,
      Map<Integer, Table> erased,
      CommitDraft<?> draft,
      Ledger.Attempt attempt) {
    if (copied.isEmpty()) {
      return;
    }
    List<RolloutEntry> rollouts =
        session.ledger().list(RegistryKeys.partition(product), RegistryKeys.ROLLOUTS).stream()
            .map(RolloutEntry::of)
            .toList();
    for (VersionEntry to : copied) {
      rollouts.stream()
          .filter(rollout -> rollout.leadsTo(to.major()))
          .map(rollout -> erased.get(rollout.from()))
          .filter(Objects::nonNull)
          .forEach(from -> remove(session, product, to, keys(from), draft, attempt));
    }
  }

  /** Returns true if there is a copy to remove. */
  public boolean exist() {
    if (!possible) {
      return false;
    }
    Set<String> live = keys(session.tables().load(TableName.of(product, from.major())));
    TableName copied = TableName.of(product, to.major());
    return !of(session.tables().load(copied), live).isEmpty()
        || !of(session.tables().load(copied.quarantined()), live).isEmpty();
  }

  /** Removes the copies, and requires that no table of them changes until the commit. */
  public void remove(CommitDraft<?> draft, Ledger.Attempt attempt) {
    if (possible) {
      TableDraft replaced = session.tables().draft(TableName.of(product, from.major()), attempt);
      Set<String> live = keys(replaced.table());
      replaced.stage(draft);
      remove(session, product, to, live, draft, attempt);
    }
  }

  private static void remove(
      ClientSession session,
      ProductName product,
      VersionEntry version,
      Set<String> live,
      CommitDraft<?> draft,
      Ledger.Attempt attempt) {
    TableName copied = TableName.of(product, version.major());
    for (TableName name : List.of(copied, copied.quarantined())) {
      TableDraft to = session.tables().draft(name, attempt);
      SortedMap<String, List<DataFile>> obsolete = of(to.table(), live);
      to.replace(
          obsolete.values().stream().flatMap(List::stream).toList(),
          List.of(),
          summary(product, version, obsolete.keySet(), attempt));
      to.stage(draft);
    }
  }

  private static Set<String> keys(Table from) {
    return live(from).stream().map(ObsoleteCopies::key).collect(Collectors.toSet());
  }

  /** The obsolete copies in a table, by the key of the file they copy. */
  private static SortedMap<String, List<DataFile>> of(Table to, Set<String> live) {
    SortedMap<String, List<DataFile>> obsolete = new TreeMap<>(copies(to));
    obsolete.keySet().removeAll(live);
    return obsolete;
  }

  private static Map<String, String> summary(
      ProductName product, VersionEntry to, Collection<String> removed, Ledger.Attempt attempt) {
    Map<String, String> summary = new LinkedHashMap<>();
    summary.put(TableSnapshots.PRODUCT, product.toString());
    summary.put(TableSnapshots.MODE, PublishMode.BACK_FILL.text());
    summary.put(TableSnapshots.PUBLISH_ID, attempt.id());
    summary.put(TableSnapshots.CONTRACT_VERSION, to.version().toString());
    summary.put(REMOVED, String.join(",", removed));
    return summary;
  }
}
