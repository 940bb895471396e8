package io.meshwork.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.TableMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What an engine changed in a table beside its rows. References, statistics files and properties
 * that are the user's own may change; all else belongs to the contract or to the mesh.
 */
final class MetadataChange {
  /** Branches of publishes that are staged start so. */
  static final String STAGE = "mesh-stage-";

  /** Lets a session write to a branch first; it changes nothing on main. */
  private static final String WRITE_AUDIT_PUBLISH = "write.wap.enabled";

  /** Properties that say how a table is written, kept and judged start so. */
  private static final List<String> OURS =
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

  /** Names of the changes that are not an engine's to make; empty if there is none. */
  static List<String> refused(TableMetadata base, TableMetadata next) {
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
    properties(base, next, names);
    if (base.snapshots().stream().anyMatch(kept -> next.snapshot(kept.snapshotId()) == null)) {
      names.add("removal of snapshots");
    }
    if (!sameRetention(base.ref(SnapshotRef.MAIN_BRANCH), next.ref(SnapshotRef.MAIN_BRANCH))) {
      names.add("retention of main");
    }
    stages(base, next, names);
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

  private static void properties(TableMetadata base, TableMetadata next, List<String> names) {
    TreeSet<String> keys = new TreeSet<>(base.properties().keySet());
    keys.addAll(next.properties().keySet());
    for (String key : keys) {
      boolean changed = !Objects.equals(base.properties().get(key), next.properties().get(key));
      if (changed && !key.equals(WRITE_AUDIT_PUBLISH) && OURS.stream().anyMatch(key::startsWith)) {
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

  private static void stages(TableMetadata base, TableMetadata next, List<String> names) {
    TreeSet<String> branches = new TreeSet<>(base.refs().keySet());
    branches.addAll(next.refs().keySet());
    for (String branch : branches) {
      if (branch.startsWith(STAGE) && !Objects.equals(base.ref(branch), next.ref(branch))) {
        names.add("branch " + branch);
      }
    }
  }
}
