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
 * A file in a table's folder that no retained snapshot reaches, and whose it was, which its name
 * says. Immutable.
 *
 * @param file where it is
 * @param owner who wrote it
 * @param id of the publish or the attempt; empty for strangers
 */
record OrphanFile(FileInfo file, Owner owner, String id) {
  private static final String ID = "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})";
  private static final Pattern OF_PUBLISH = Pattern.compile("\\.?" + ID + "-.*");
  private static final Pattern OF_METADATA =
      Pattern.compile("\\.?[0-9]+-" + ID + "\\.metadata\\.json.*");

  /** No clock that is well kept is further ahead than that. */
  private static final Duration AHEAD = Duration.ofDays(1);

  /** Who writes files into a table's folder. */
  enum Owner {
    /** A publish or a compaction: a fence keeps it from being committed. */
    PUBLISH,
    /** An attempt to commit: it can be settled. */
    ATTEMPT,
    /** An engine, or nobody that is known. */
    STRANGER
  }

  /** Reads a file's name. */
  static OrphanFile of(FileInfo file) {
    String location = file.location();
    String name = location.substring(location.lastIndexOf('/') + 1);
    if (!DataFolder.isMetadata(location)) {
      Matcher data = OF_PUBLISH.matcher(name);
      return data.matches() && IdGenerator.time(data.group(1)).isPresent()
          ? new OrphanFile(file, Owner.PUBLISH, data.group(1))
          : new OrphanFile(file, Owner.STRANGER, "");
    }
    for (Pattern pattern : new Pattern[] {OF_METADATA, OF_PUBLISH}) {
      Matcher metadata = pattern.matcher(name);
      if (metadata.matches() && IdGenerator.time(metadata.group(1)).isPresent()) {
        return new OrphanFile(file, Owner.ATTEMPT, metadata.group(1));
      }
    }
    return new OrphanFile(file, Owner.STRANGER, "");
  }

  /** The highest number of our metadata files; 0 without one. */
  static long newestMetadata(Set<String> locations) {
    return locations.stream()
        .flatMap(location -> metadataNumber(location).stream())
        .mapToLong(number -> number)
        .max()
        .orElse(0);
  }

  /** The number of a metadata file; empty if it is none of ours. */
  private static Optional<Long> metadataNumber(String location) {
    String name = location.substring(location.lastIndexOf('/') + 1);
    Matcher metadata = OF_METADATA.matcher(name);
    return metadata.matches() && name.endsWith(".json") && !name.startsWith(".")
        ? Optional.of(Long.parseLong(name.substring(0, name.indexOf('-'))))
        : Optional.empty();
  }

  /** True if whoever wrote it can be taken for dead. */
  boolean isAbandoned(Instant now) {
    if (owner == Owner.STRANGER) {
      return isOlder(now.minus(MaintenanceLimits.ABANDONED_BY_ENGINES));
    }
    Instant made = IdGenerator.time(id).orElseThrow();
    // A host that was ahead named the file: it is as old as the store says.
    return made.isAfter(now.plus(AHEAD))
        ? isOlder(now.minus(MaintenanceLimits.ABANDONED))
        : made.isBefore(now.minus(MaintenanceLimits.ABANDONED));
  }

  /** A store that does not know a file's age says 0. */
  private boolean isOlder(Instant time) {
    return file.createdAtMillis() > 0
        && Instant.ofEpochMilli(file.createdAtMillis()).isBefore(time);
  }
}
