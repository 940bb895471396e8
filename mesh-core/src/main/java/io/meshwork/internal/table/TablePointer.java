package io.meshwork.internal.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The document with the location of a table's current metadata file. Snapshot IDs are text, because
 * not every JSON parser preserves 64-bit numbers.
 */
final class TablePointer {
  private static final String METADATA = "metadataLocation";
  private static final String LOCATION = "location";
  private static final String PREVIOUS = "previousMetadataLocation";
  private static final String HASH = "metadataHash";
  private static final String TABLE_ID = "tableId";
  private static final String SEQUENCE = "sequence";
  private static final String SNAPSHOT = "snapshotId";
  private static final String VERSION = "metadataVersion";
  private static final String NEWEST = "newestSnapshot";

  private TablePointer() {}

  static String metadataLocation(VersionedDocument pointer) {
    String location = pointer.json().path(METADATA).asText();
    if (location.isEmpty()) {
      throw Failure.of(MeshAction.of(Verb.READ, "the table pointer '" + pointer.key() + "'"))
          .because("it has no metadata file")
          .fix("Restore the registry from a backup.")
          .lasting(ErrorCode.REGISTRY_CORRUPT);
    }
    return location;
  }

  /** The table's folder; empty if it is below the root of the mesh. */
  static Optional<String> location(VersionedDocument pointer) {
    return Optional.ofNullable(pointer.json().path(LOCATION).textValue());
  }

  /** The ID of the current snapshot; empty if the table has none. */
  static Optional<String> snapshot(VersionedDocument pointer) {
    return Optional.ofNullable(pointer.json().path(SNAPSHOT).textValue());
  }

  /** The hash of the metadata file; empty if the pointer has none. */
  static String hash(VersionedDocument pointer) {
    return hash(pointer.json());
  }

  /** The hash of the metadata file in a pointer's content; empty if it has none. */
  static String hash(ObjectNode pointer) {
    return pointer.path(HASH).asText();
  }

  /** Writes the folder of a new table that is not below the root of the mesh. */
  static void writeLocation(ObjectNode json, String location) {
    json.put(LOCATION, location);
  }

  /** The number of the next metadata file; the first is 0. */
  static int nextVersion(@Nullable VersionedDocument pointer) {
    return pointer == null ? 0 : pointer.json().path(VERSION).asInt() + 1;
  }

  /** The pointer's next content; unknown fields are kept. */
  static ObjectNode next(
      @Nullable VersionedDocument pointer, TableMetadata metadata, String hash, int version) {
    ObjectNode json = pointer == null ? DocumentJson.create() : pointer.json().deepCopy();
    if (pointer != null) {
      json.put(PREVIOUS, metadataLocation(pointer));
    }
    json.put(METADATA, metadata.metadataFileLocation());
    json.put(VERSION, version);
    json.put(HASH, hash);
    json.put(TABLE_ID, metadata.uuid());
    json.put(SEQUENCE, metadata.lastSequenceNumber());
    Snapshot snapshot = metadata.currentSnapshot();
    if (snapshot == null) {
      json.remove(SNAPSHOT);
    } else {
      json.put(SNAPSHOT, Long.toString(snapshot.snapshotId()));
    }
    Optional<String> newest = SnapshotText.of(snapshot);
    if (newest.isPresent()) {
      json.put(NEWEST, newest.get());
    } else {
      json.remove(NEWEST);
    }
    return json;
  }

  /** The newest snapshot without its files; empty if the pointer does not have it. */
  static Optional<Snapshot> newestSnapshot(VersionedDocument pointer) {
    return Optional.ofNullable(pointer.json().path(NEWEST).textValue())
        .flatMap(SnapshotText::parse)
        .filter(
            newest ->
                snapshot(pointer).filter(Long.toString(newest.snapshotId())::equals).isPresent());
  }

  /**
   * The differences between a metadata file and its pointer.
   *
   * @param metadataHash the hash of the file; empty if it could not be read
   */
  static List<String> differences(
      VersionedDocument pointer, TableMetadata metadata, String metadataHash) {
    ObjectNode json = pointer.json();
    List<String> differences = new ArrayList<>();
    compare("table id", json.path(TABLE_ID).asText(), metadata.uuid(), differences);
    compare(
        "sequence",
        json.path(SEQUENCE).asText(),
        Long.toString(metadata.lastSequenceNumber()),
        differences);
    Snapshot snapshot = metadata.currentSnapshot();
    compare(
        "snapshot",
        json.path(SNAPSHOT).asText("none"),
        snapshot == null ? "none" : Long.toString(snapshot.snapshotId()),
        differences);
    if (json.has(NEWEST) && !isOfEarlierSnapshot(pointer)) {
      compare(
          "newest snapshot",
          json.path(NEWEST).asText(),
          SnapshotText.of(snapshot).orElse("another"),
          differences);
    }
    String hash = hash(json);
    if (differences.isEmpty() && !hash.isEmpty() && !metadataHash.isEmpty()) {
      compare("hash of the metadata file", hash, metadataHash, differences);
    }
    return differences;
  }

  /** A Meshwork that does not know the text keeps it when it changes the pointer. */
  private static boolean isOfEarlierSnapshot(VersionedDocument pointer) {
    return SnapshotText.parse(pointer.json().path(NEWEST).asText())
        .filter(
            text -> snapshot(pointer).filter(Long.toString(text.snapshotId())::equals).isEmpty())
        .isPresent();
  }

  private static void compare(
      String what, String inPointer, String inFile, List<String> differences) {
    if (!inPointer.equals(inFile)) {
      differences.add(what + " is " + inPointer + " in the pointer and " + inFile + " in the file");
    }
  }

  /** The hash of the content of a metadata file, in parts. */
  static String hash(List<byte[]> content) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      content.forEach(digest::update);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
