package io.meshwork.internal.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The JSON of the snapshots of a metadata file, and of its snapshot log: all that grows with each
 * publish. Immutable.
 */
record StoredHistory(StoredSnapshots snapshots, StoredLog log) {
  /** No snapshot, and no log. */
  static StoredHistory none() {
    return new StoredHistory(StoredSnapshots.none(), StoredLog.none());
  }

  /** Finds it in the text of a metadata file; empty if the file is written in another way. */
  static Optional<StoredHistory> find(byte[] file) {
    return StoredSnapshots.find(file)
        .flatMap(
            snapshots -> {
              int after = StoredSnapshots.start(file) + snapshots.length();
              return StoredLog.find(file, after).map(log -> new StoredHistory(snapshots, log));
            });
  }

  /** This, one more snapshot, and one more entry of the log, compressed if this is. */
  StoredHistory plus(String snapshot, String entry) {
    return new StoredHistory(snapshots.plus(snapshot), log.plus(entry));
  }

  /** The same, compressed. */
  StoredHistory compressed() {
    return new StoredHistory(snapshots.compressed(), log.compressed());
  }

  /** The text, in parts, which the caller does not change. */
  List<byte[]> parts() {
    List<byte[]> parts = new ArrayList<>(snapshots.parts());
    parts.add(log.text());
    return parts;
  }

  /** The text in DEFLATE, in parts, without {@link StoredLog#rest()}. */
  List<byte[]> deflated() {
    List<byte[]> parts = new ArrayList<>(snapshots.deflated());
    parts.add(log.deflated());
    return parts;
  }

  /** The number of bytes of the text. */
  int length() {
    return snapshots.length() + log.text().length;
  }

  /** The number of bytes that are kept. */
  int size() {
    return snapshots.size() + log.size();
  }
}
