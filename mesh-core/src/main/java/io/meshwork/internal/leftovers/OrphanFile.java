package io.meshwork.internal.leftovers;

import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.table.FileOrigin;
import io.meshwork.internal.table.FileOrigin.Writer;
import io.meshwork.internal.table.TableFolders;
import java.time.Duration;
import java.time.Instant;
import org.apache.iceberg.io.FileInfo;

/** A file in a table's folder that no retained snapshot references, and its writer. Immutable. */
public record OrphanFile(FileInfo file, FileOrigin origin) {
  /** The longest time by which a synchronized clock may be fast. */
  private static final Duration MAX_CLOCK_LEAD = Duration.ofDays(1);

  /** Parses the path of a file of a table with these folders. */
  public static OrphanFile of(FileInfo file, TableFolders folders) {
    return new OrphanFile(file, FileOrigin.of(folders.path(file.location()).orElse("")));
  }

  public Writer writer() {
    return origin.writer();
  }

  /** The ID of the publish or the attempt; empty if the writer is unknown. */
  public String id() {
    return origin.id();
  }

  /** The number of a complete metadata file; -1 for another file. */
  public long number() {
    return origin.number();
  }

  /**
   * Returns true for a metadata file of a table, which becomes unused with a later commit, and
   * whose number shows whether the registry is older than the files.
   */
  public boolean isMetadataFile() {
    return number() >= 0;
  }

  /** Returns true if its writer can no longer be running, because of the file's age. */
  boolean isAbandoned(Instant now) {
    if (writer() == Writer.UNKNOWN) {
      return false; // copies of a file have its time
    }
    Instant created = IdGenerator.time(id()).orElseThrow();
    // If a host with a fast clock named the file, the store's time counts.
    return created.isAfter(now.plus(MAX_CLOCK_LEAD))
        ? isOlder(now.minus(MaintenanceLimits.ABANDONED))
        : created.isBefore(now.minus(MaintenanceLimits.ABANDONED));
  }

  /** A store without file times returns 0. */
  private boolean isOlder(Instant time) {
    return file.createdAtMillis() > 0
        && Instant.ofEpochMilli(file.createdAtMillis()).isBefore(time);
  }
}
