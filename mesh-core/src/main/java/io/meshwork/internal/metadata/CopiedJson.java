package io.meshwork.internal.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The JSON of a metadata file that the next one copies: its snapshots and its snapshot log, which
 * grow with each publish. Immutable.
 */
public record CopiedJson(StoredSnapshots snapshots, StoredSnapshotLog log) {
  /** No snapshot, and no log. */
  public static CopiedJson none() {
    return new CopiedJson(StoredSnapshots.none(), StoredSnapshotLog.none());
  }

  /** Finds it in the text of a metadata file; empty if the file is written in another way. */
  public static Optional<CopiedJson> find(byte[] file) {
    return find(file, none());
  }

  /**
   * Finds it as {@link #find(byte[])}.
   *
   * @param earlier the JSON of an earlier file of the table; its work is not repeated where the
   *     file begins with it
   */
  public static Optional<CopiedJson> find(byte[] file, CopiedJson earlier) {
    return StoredSnapshots.find(file, earlier.snapshots)
        .flatMap(
            snapshots -> {
              int after = StoredSnapshots.start(file) + snapshots.length();
              return StoredSnapshotLog.find(file, after, earlier.log)
                  .map(log -> new CopiedJson(snapshots, log));
            });
  }

  /** This, one more snapshot, and one more entry of the log, compressed if this is. */
  public CopiedJson plus(String snapshot, String entry) {
    return new CopiedJson(snapshots.plus(snapshot), log.plus(entry));
  }

  /** The same, compressed. */
  public CopiedJson compressed() {
    return new CopiedJson(snapshots.compressed(), log.compressed());
  }

  /** The text, in parts, which the caller does not change. */
  public List<byte[]> parts() {
    List<byte[]> parts = new ArrayList<>(snapshots.parts());
    parts.add(log.text());
    return parts;
  }

  /** The text in DEFLATE, in parts, without {@link StoredSnapshotLog#rest()}. */
  List<byte[]> deflated() {
    List<byte[]> parts = new ArrayList<>(snapshots.deflated());
    parts.add(log.deflated());
    return parts;
  }

  /** The CRC-32 of the text, if it is compressed. */
  int checksum() {
    return JoinedChecksum.of(snapshots.checksum(), log.checksum(), log.text().length);
  }

  /** The number of bytes of the text. */
  public int length() {
    return snapshots.length() + log.text().length;
  }

  /** The number of bytes that are stored. */
  public int size() {
    return snapshots.size() + log.size();
  }
}
