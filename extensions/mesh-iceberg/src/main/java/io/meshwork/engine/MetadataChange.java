package io.meshwork.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableProperties;
import org.jspecify.annotations.Nullable;

/**
 * Finds the metadata changes that engines may not make. Engines may change references, statistics
 * files, and, unless tasks publish their rows, properties of their own; the contract or the mesh
 * determines everything else.
 */
final class MetadataChange {
  /** The prefix of branches with staged publishes. */
  static final String STAGE_PREFIX = "mesh-stage-";

  /**
   * Properties with a reserved prefix that engines may change. The first lets a session write to a
   * branch first; main does not change. The second turns the compression of long metadata files off
   * and on, for tools that do not decompress them.
   */
  private static final Set<String> CHANGEABLE =
      Set.of("write.wap.enabled", TableProperties.METADATA_COMPRESSION);

  /** The prefixes of properties for writing, retention, and checks. */
  private static final List<String> RESERVED_PREFIXES =
      List.of(
          "write.",
          "commit.",
          "history.",
          "gc.",
          "format-version",
          "schema.",
          "encryption.",
          "compatibility.",
          "metadata.",
          "meshwork.");

  private MetadataChange() {}

  /**
   * The changes that engines may not make; empty if there are none.
   *
   * @param byTasks true if tasks publish rows, and the engine sets no properties
   */
  static List<String> forbidden(TableMetadata base, TableMetadata next, boolean byTasks) {
    List<String> names = new ArrayList<>();
    if (!Objects.equals(base.uuid(), next.uuid())) {
      names.add("table id");
    }
    if (base.formatVersion() != next.formatVersion()) {
      names.add("format version");
    }
    if (!base.location().equals(next.location())) {
      names.add("location");
    }
    if (!sameSchemas(base, next)) {
      names.add("schema");
    }
    if (base.defaultSpecId() != next.defaultSpecId() || !base.specs().equals(next.specs())) {
      names.add("partitioning");
    }
    if (base.defaultSortOrderId() != next.defaultSortOrderId()
        || !base.sortOrders().equals(next.sortOrders())) {
      names.add("sort order");
    }
    if (base.encryptionKeys().size() != next.encryptionKeys().size()) {
      names.add("encryption keys");
    }
    addProperties(base, next, byTasks ? List.of("") : RESERVED_PREFIXES, names);
    if (base.snapshots().stream().anyMatch(old -> next.snapshot(old.snapshotId()) == null)) {
      names.add("removal of snapshots");
    }
    if (!sameRetention(base.ref(SnapshotRef.MAIN_BRANCH), next.ref(SnapshotRef.MAIN_BRANCH))) {
      names.add("retention of main");
    }
    addStages(base, next, names);
    return names;
  }

  private static boolean sameSchemas(TableMetadata base, TableMetadata next) {
    if (base.currentSchemaId() != next.currentSchemaId()
        || base.lastColumnId() != next.lastColumnId()
        || !base.schemasById().keySet().equals(next.schemasById().keySet())) {
      return false;
    }
    for (Schema schema : base.schemas()) {
      if (!schema.sameSchema(next.schemasById().get(schema.schemaId()))) {
        return false;
      }
    }
    return true;
  }

  private static void addProperties(
      TableMetadata base, TableMetadata next, List<String> prefixes, List<String> names) {
    TreeSet<String> keys = new TreeSet<>(base.properties().keySet());
    keys.addAll(next.properties().keySet());
    for (String key : keys) {
      boolean changed = !Objects.equals(base.properties().get(key), next.properties().get(key));
      if (changed && !CHANGEABLE.contains(key) && prefixes.stream().anyMatch(key::startsWith)) {
        names.add("property " + key);
      }
    }
  }

  private static boolean sameRetention(@Nullable SnapshotRef before, @Nullable SnapshotRef after) {
    return before == null
        || after == null
        || (Objects.equals(before.minSnapshotsToKeep(), after.minSnapshotsToKeep())
            && Objects.equals(before.maxSnapshotAgeMs(), after.maxSnapshotAgeMs())
            && Objects.equals(before.maxRefAgeMs(), after.maxRefAgeMs()));
  }

  private static void addStages(TableMetadata base, TableMetadata next, List<String> names) {
    TreeSet<String> branches = new TreeSet<>(base.refs().keySet());
    branches.addAll(next.refs().keySet());
    for (String branch : branches) {
      if (branch.startsWith(STAGE_PREFIX) && !Objects.equals(base.ref(branch), next.ref(branch))) {
        names.add("branch " + branch);
      }
    }
  }
}
