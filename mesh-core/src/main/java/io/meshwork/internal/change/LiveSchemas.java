package io.meshwork.internal.change;

import io.meshwork.contract.Contract;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.consumers.SubscriberList;
import io.meshwork.internal.contract.ContractSuccession;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.table.Manifests;
import io.meshwork.product.ContractVersion;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * The schemas that a transitive mode protects: the schemas of live subscriptions, and of the files
 * in retained snapshots. If a version is unknown, all earlier versions are included. Stateless.
 */
final class LiveSchemas {
  private LiveSchemas() {}

  /** True if the result depends on a version before the last one. */
  static boolean affect(ContractSuccession evaluated, ContractVersion last) {
    return evaluated.obstacles().stream()
        .anyMatch(obstacle -> !obstacle.against().equals("version " + last));
  }

  /**
   * Restricts a candidate to the live schemas.
   *
   * @param earlier the versions up to the current one
   * @param subscribers all subscriptions of the major version
   */
  static ContractSuccession.Candidate restrict(
      ContractSuccession.Candidate candidate,
      NavigableMap<ContractVersion, Contract> earlier,
      List<SubscriberList.Entry> subscribers,
      Table table) {
    ContractSuccession.Candidate read = candidate.readBy(readers(earlier, subscribers));
    return files(earlier, table).map(read::overFilesOf).orElse(read);
  }

  /** A subscription uses the version that it last read with; one that never read, any version. */
  private static Map<String, Schema> readers(
      NavigableMap<ContractVersion, Contract> earlier, List<SubscriberList.Entry> subscribers) {
    Map<String, Schema> readers = new LinkedHashMap<>();
    for (SubscriberList.Entry entry : subscribers) {
      ContractVersion read =
          entry
              .usage()
              .flatMap(UsageEntry::contractVersion)
              .filter(earlier::containsKey)
              .orElse(null);
      earlier.forEach(
          (version, contract) -> {
            if (read == null || read.equals(version)) {
              readers.put(entry.subscription() + " with version " + version, contract.schema());
            }
          });
    }
    return readers;
  }

  /** The schemas of the files; empty if the version of a file is unknown. */
  private static Optional<Map<String, Schema>> files(
      NavigableMap<ContractVersion, Contract> earlier, Table table) {
    Map<Long, ContractVersion> appended = new HashMap<>();
    for (Snapshot snapshot : table.snapshots()) {
      String version = snapshot.summary().get(TableSnapshots.CONTRACT_VERSION);
      // Other operations than appends may write rows of earlier versions to new files.
      if (version != null && DataOperations.APPEND.equals(snapshot.operation())) {
        appended.put(snapshot.sequenceNumber(), ContractVersion.parse(version));
      }
    }
    Set<ContractVersion> versions = new TreeSet<>();
    for (Long sequence : fileSequences(table)) {
      ContractVersion version = appended.get(sequence);
      if (version == null || !earlier.containsKey(version)) {
        return Optional.empty();
      }
      versions.add(version);
    }
    Map<String, Schema> files = new LinkedHashMap<>();
    earlier.forEach(
        (version, contract) -> {
          if (versions.contains(version)) {
            files.put("version " + version, contract.schema());
          }
        });
    return Optional.of(files);
  }

  /** Sequence numbers of the snapshots that added the files of any snapshot of the table. */
  private static Set<Long> fileSequences(Table table) {
    Set<Long> sequences = new HashSet<>();
    Set<String> seen = new HashSet<>();
    for (Snapshot snapshot : table.snapshots()) {
      for (ManifestFile manifest : Manifests.ofData(table, snapshot)) {
        if (seen.add(manifest.path())) {
          Manifests.forEach(
              table,
              snapshot,
              manifest,
              file -> {
                @Nullable Long sequence = file.fileSequenceNumber();
                sequences.add(sequence == null ? -1L : sequence);
              });
        }
      }
    }
    return sequences;
  }
}
