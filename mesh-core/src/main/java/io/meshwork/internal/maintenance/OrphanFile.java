package io.meshwork.internal.maintenance;

import io.meshwork.internal.runtime.IdGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.io.FileInfo;

/**
 * A file in a table's folder that no retained snapshot references, and its writer, which its name
 * contains. Immutable.
 *
 * @param id the ID of the publish or the attempt; empty if the writer is unknown
 */
record OrphanFile(FileInfo file, Owner owner, String id) {
  private static final String ID = "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})";
  private static final Pattern OF_PUBLISH = Pattern.compile("\\.?" + ID + "-.*");
  private static final Pattern OF_METADATA =
      Pattern.compile("\\.?[0-9]+-" + ID + "(?:\\.gz)?\\.metadata\\.json.*");

  /** The longest time by which a synchronized clock may be fast. */
  private static final Duration MAX_CLOCK_LEAD = Duration.ofDays(1);

  /** The writer of a file. */
  enum Owner {
    /** A publish or a compaction, whose commit a fence prevents. */
    PUBLISH,
    /** An attempt to commit, whose outcome can be settled. */
    ATTEMPT,
    /** An engine, or an unknown writer. */
    UNKNOWN
  }

  /** Parses a file's name. */
  static OrphanFile of(FileInfo file) {
    String location = file.location();
    String name = location.substring(location.lastIndexOf('/') + 1);
    if (!DataFolder.isMetadata(location)) {
      Matcher data = OF_PUBLISH.matcher(name);
      return data.matches() && IdGenerator.time(data.group(1)).isPresent()
          ? new OrphanFile(file, Owner.PUBLISH, data.group(1))
          : new OrphanFile(file, Owner.UNKNOWN, "");
    }
    for (Pattern pattern : new Pattern[] {OF_METADATA, OF_PUBLISH}) {
      Matcher metadata = pattern.matcher(name);
      if (metadata.matches() && IdGenerator.time(metadata.group(1)).isPresent()) {
        return new OrphanFile(file, Owner.ATTEMPT, metadata.group(1));
      }
    }
    return new OrphanFile(file, Owner.UNKNOWN, "");
  }

  /** Returns the highest number of Meshwork's metadata files; 0 without one. */
  static long newestMetadata(Set<String> locations) {
    return locations.stream()
        .flatMap(location -> metadataNumber(location).stream())
        .mapToLong(number -> number)
        .max()
        .orElse(0);
  }

  /** Returns the number of a metadata file; empty if Meshwork did not write it. */
  private static Optional<Long> metadataNumber(String location) {
    String name = location.substring(location.lastIndexOf('/') + 1);
    Matcher metadata = OF_METADATA.matcher(name);
    return metadata.matches() && name.endsWith(".json") && !name.startsWith(".")
        ? Optional.of(Long.parseLong(name.substring(0, name.indexOf('-'))))
        : Optional.empty();
  }

  /**
   * Returns true for a metadata file of a table, which becomes unused with a later commit, and
   * whose number shows whether the registry is older than the files.
   */
  boolean isMetadataFile() {
    return metadataNumber(file.location()).isPresent();
  }

  /** Returns true if its writer can no longer be running, because of the file's age. */
  boolean isAbandoned(Instant now) {
    if (owner == Owner.UNKNOWN) {
      return isOlder(now.minus(MaintenanceLimits.ABANDONED_BY_ENGINES));
    }
    Instant created = IdGenerator.time(id).orElseThrow();
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
