package io.meshwork.internal.table;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.Sha256;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The document with the location of a table's current metadata file. Snapshot IDs are text, because
 * not every JSON parser preserves 64-bit numbers. Immutable.
 *
 * @param metadataVersion the number of the metadata file; the first is 0
 * @param metadataHash the hash of the metadata file; empty if the pointer has none
 * @param snapshotId the ID of the current snapshot; empty if the table has none
 * @param newestSnapshot the newest snapshot without its files; empty if the pointer has none
 * @param location the table's folder; empty if it is below the root of the mesh
 * @param firstMetadata the number of the first metadata file since an erasure, which deletes the
 *     files before it; 0 if there was none
 */
record TablePointer(
    String metadataLocation,
    int metadataVersion,
    String metadataHash,
    String tableId,
    long sequence,
    Optional<String> previousMetadataLocation,
    Optional<String> snapshotId,
    Optional<String> newestSnapshot,
    Optional<String> location,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) int firstMetadata) {
  /** The name of a metadata file begins with its number. */
  private static final Pattern FILE = Pattern.compile(".*/([0-9]{5,9})-[^/]*");

  static TablePointer of(VersionedDocument pointer) {
    return DocumentCodec.of(TablePointer.class).read(pointer);
  }

  static String metadataLocation(VersionedDocument pointer) {
    String location = of(pointer).metadataLocation;
    if (location.isEmpty()) {
      throw Failure.of(MeshAction.of(Verb.READ, "the table pointer '" + pointer.key() + "'"))
          .because("it has no metadata file")
          .fix("Restore the registry from a backup.")
          .lasting(ErrorCode.REGISTRY_CORRUPT);
    }
    return location;
  }

  /** The number of the next metadata file; the first is 0. */
  static int nextVersion(@Nullable VersionedDocument pointer) {
    return pointer == null ? 0 : of(pointer).metadataVersion + 1;
  }

  /**
   * The pointer's next content; unknown fields remain.
   *
   * @param folder the folder of a new table that is not below the root of the mesh
   * @param forgets true if the metadata files before it are deleted
   */
  static ObjectNode next(
      @Nullable VersionedDocument pointer,
      TableMetadata metadata,
      String hash,
      int version,
      Optional<String> folder,
      boolean forgets) {
    Optional<VersionedDocument> existing = Optional.ofNullable(pointer);
    Snapshot snapshot = metadata.currentSnapshot();
    return DocumentCodec.of(TablePointer.class)
        .write(
            new TablePointer(
                metadata.metadataFileLocation(),
                version,
                hash,
                metadata.uuid(),
                metadata.lastSequenceNumber(),
                existing.map(TablePointer::metadataLocation),
                id(snapshot),
                SnapshotText.of(snapshot),
                existing.isPresent() ? existing.flatMap(last -> of(last).location) : folder,
                forgets ? version : existing.map(last -> of(last).firstMetadata).orElse(0)),
            existing);
  }

  /** True for a metadata file of the table that no erasure deletes. */
  boolean keeps(String metadata) {
    Matcher file = FILE.matcher(metadata);
    return !file.matches() || Integer.parseInt(file.group(1)) >= firstMetadata;
  }

  private static Optional<String> id(@Nullable Snapshot snapshot) {
    return Optional.ofNullable(snapshot).map(named -> Long.toString(named.snapshotId()));
  }

  /** The newest snapshot without its files; empty if the pointer does not have it. */
  Optional<Snapshot> newest() {
    return newestSnapshot
        .flatMap(SnapshotText::parse)
        .filter(newest -> snapshotId.equals(id(newest)));
  }

  /**
   * The differences between a metadata file and this pointer.
   *
   * @param hash the hash of the file; empty if it could not be read
   */
  List<String> differences(TableMetadata metadata, String hash) {
    List<String> differences = new ArrayList<>();
    Snapshot snapshot = metadata.currentSnapshot();
    compare("table id", tableId, metadata.uuid(), differences);
    compare("sequence", "" + sequence, "" + metadata.lastSequenceNumber(), differences);
    compare("snapshot", snapshotId.orElse("none"), id(snapshot).orElse("none"), differences);
    if (newestSnapshot.isPresent() && !isOfEarlierSnapshot()) {
      compare(
          "newest snapshot",
          newestSnapshot.get(),
          SnapshotText.of(snapshot).orElse("another"),
          differences);
    }
    if (differences.isEmpty() && !metadataHash.isEmpty() && !hash.isEmpty()) {
      compare("hash of the metadata file", metadataHash, hash, differences);
    }
    return differences;
  }

  /** A Meshwork that does not know the text retains it when it changes the pointer. */
  private boolean isOfEarlierSnapshot() {
    return newestSnapshot
        .flatMap(SnapshotText::parse)
        .filter(newest -> !snapshotId.equals(id(newest)))
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
    MessageDigest digest = Sha256.newDigest();
    content.forEach(digest::update);
    return HexFormat.of().formatHex(digest.digest());
  }
}
