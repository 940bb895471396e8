package io.meshwork.internal.copies;

import io.meshwork.internal.scan.ObsoleteCopies;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.product.ContractVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * The data files of the replaced major version that a back-fill copied to the new one. The
 * snapshots of the new table are the only record: each states which files it copied, and which
 * copies it removed because their files are no longer part of the replaced table. Immutable.
 */
public final class CopiedFiles {
  /** The property of a snapshot with the keys of the files that it copied. */
  public static final String COPIED = "meshwork.back-fill.copied";

  /** The property of a snapshot with the keys of the files whose copies it removed. */
  public static final String REMOVED = ObsoleteCopies.REMOVED;

  private final Set<String> keys;
  private final Set<String> outdated;

  private CopiedFiles(Set<String> keys, Set<String> outdated) {
    this.keys = keys;
    this.outdated = outdated;
  }

  /**
   * Reads the record of a table.
   *
   * @param version the contract version of the new major version; copies that were checked against
   *     another one are copied again
   */
  public static CopiedFiles of(Table to, ContractVersion version) {
    Set<String> keys = new LinkedHashSet<>();
    Set<String> outdated = new LinkedHashSet<>();
    Snapshot newest = to.currentSnapshot();
    if (newest != null) {
      List<Snapshot> oldestFirst = new ArrayList<>();
      SnapshotUtil.ancestorsOf(newest.snapshotId(), to::snapshot).forEach(oldestFirst::add);
      Collections.reverse(oldestFirst);
      for (Snapshot snapshot : oldestFirst) {
        List<String> removed = keys(snapshot, REMOVED);
        keys.removeAll(removed);
        outdated.removeAll(removed);
        boolean current =
            version.toString().equals(snapshot.summary().get(TableSnapshots.CONTRACT_VERSION));
        (current ? keys : outdated).addAll(keys(snapshot, COPIED));
      }
    }
    return new CopiedFiles(keys, outdated);
  }

  /** The keys in a property of a snapshot; empty if it does not have it. */
  static List<String> keys(Snapshot snapshot, String property) {
    String text = snapshot.summary().getOrDefault(property, "");
    return text.isEmpty() ? List.of() : Arrays.asList(text.split(",", -1));
  }

  /** The value of a property. */
  public static String text(Collection<String> keys) {
    return String.join(",", keys);
  }

  public boolean containsKey(String key) {
    return keys.contains(key);
  }

  /** The files that are not copied yet. */
  public List<DataFile> missing(Collection<DataFile> files) {
    return files.stream().filter(file -> !containsKey(ObsoleteCopies.key(file))).toList();
  }

  /** The keys of copied files that are not among these, or were copied under another contract. */
  public Set<String> obsolete(Collection<DataFile> files) {
    Set<String> live = files.stream().map(ObsoleteCopies::key).collect(Collectors.toSet());
    Set<String> obsolete = new LinkedHashSet<>(keys);
    obsolete.removeAll(live);
    obsolete.addAll(outdated);
    return obsolete;
  }

  /** The live files of a table; none if it has no snapshot. */
  public static List<DataFile> live(Table table) {
    Snapshot newest = table.currentSnapshot();
    return newest == null ? List.of() : SnapshotFiles.of(table, newest);
  }

  /** The number of rows in the copies in a table or in a quarantine. */
  public static long rows(Table to) {
    return ObsoleteCopies.copies(to).values().stream()
        .flatMap(List::stream)
        .mapToLong(DataFile::recordCount)
        .sum();
  }
}
