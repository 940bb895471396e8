package io.meshwork.internal.table;

import java.util.concurrent.ExecutorService;
import org.apache.iceberg.SnapshotUpdate;

/**
 * What Iceberg offers in the version on the class path. Engines bring their own, 1.10 or later;
 * callers ask here before they use what is newer.
 */
final class IcebergVersion {
  /** True since 1.11. */
  static final boolean HAS_SNAPSHOT_CHANGES = hasClass("org.apache.iceberg.SnapshotChanges");

  /** True since 1.12; earlier versions write manifests on a pool of their own. */
  static final boolean WRITES_MANIFESTS_WITH_EXECUTOR = writesManifestsWithExecutor();

  private IcebergVersion() {}

  private static boolean hasClass(String name) {
    try {
      Class.forName(name, false, SnapshotUpdate.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static boolean writesManifestsWithExecutor() {
    try {
      SnapshotUpdate.class.getMethod("writeManifestsWith", ExecutorService.class, int.class);
      return true;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }
}
