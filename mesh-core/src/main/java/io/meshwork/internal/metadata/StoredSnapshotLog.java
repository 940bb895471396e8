package io.meshwork.internal.metadata;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The text after the snapshots of a metadata file, up to the end of the snapshot log. The next file
 * of the table has the same text and one more entry. Most of it is compressed if the files are.
 * Immutable.
 */
public final class StoredSnapshotLog {
  /** How Iceberg and we write it, as in {@link StoredSnapshots#START}. */
  public static final String START = "\"snapshot-log\":[";

  /** So many bytes of new entries are compressed again with each file. */
  private static final int MAX_NEW = 2 << 10;

  /** Ends before the bracket that ends the log. */
  private final byte[] text;

  /** The beginning of the text in DEFLATE; empty if the file is not compressed. */
  private final byte[] deflated;

  /** The number of bytes of the beginning that is compressed. */
  private final int deflatedText;

  /** The CRC-32 of the text; 0 if the file is not compressed. */
  private final int checksum;

  private StoredSnapshotLog(byte[] text, byte[] deflated, int deflatedText, int checksum) {
    this.text = text;
    this.deflated = deflated;
    this.deflatedText = deflatedText;
    this.checksum = checksum;
  }

  /** No text. */
  static StoredSnapshotLog none() {
    return new StoredSnapshotLog(new byte[0], new byte[0], 0, 0);
  }

  /**
   * Finds the log in the text of a metadata file; empty if the file is written in another way.
   *
   * @param after where the text after the snapshots starts
   */
  static Optional<StoredSnapshotLog> find(byte[] file, int after) {
    int start = MetadataText.indexAfter(START, file, after);
    int end = start < 0 ? -1 : MetadataText.endOfList(file, start);
    return end < 0
        ? Optional.empty()
        : Optional.of(
            new StoredSnapshotLog(Arrays.copyOfRange(file, after, end), new byte[0], 0, 0));
  }

  /**
   * Finds the log in the text of a metadata file as {@link #find}; what an earlier file had is not
   * compressed again.
   */
  static Optional<StoredSnapshotLog> find(byte[] file, int after, StoredSnapshotLog earlier) {
    return earlier.continued(file, after).or(() -> find(file, after));
  }

  /** This, and what a file has after it; empty if it does not begin with this. */
  private Optional<StoredSnapshotLog> continued(byte[] file, int after) {
    if (text.length == 0 || !MetadataText.hasAt(after, text, file)) {
      return Optional.empty();
    }
    int next = after + text.length;
    int end = MetadataText.endOfList(file, next);
    if (end <= next) {
      return end < 0 ? Optional.empty() : Optional.of(this);
    }
    int separator = text[text.length - 1] == '[' ? 0 : 1;
    return separator == 0 || file[next] == ','
        ? Optional.of(
            plus(
                new String(file, next + separator, end - next - separator, StandardCharsets.UTF_8)))
        : Optional.empty();
  }

  /** This and one more entry, compressed if this is. */
  StoredSnapshotLog plus(String entry) {
    String separator = text[text.length - 1] == '[' ? "" : ",";
    byte[] added = bytes(separator + entry);
    byte[] all = MetadataText.joined(text, added);
    if (deflatedText == 0) {
      return new StoredSnapshotLog(all, deflated, 0, 0);
    }
    int joined = JoinedChecksum.of(checksum, JoinedChecksum.of(added), added.length);
    if (all.length - deflatedText <= MAX_NEW) {
      return new StoredSnapshotLog(all, deflated, deflatedText, joined);
    }
    byte[] blocks = GzipMetadata.deflate(all, deflatedText, Math.min(deflatedText, MAX_NEW));
    return new StoredSnapshotLog(all, MetadataText.joined(deflated, blocks), all.length, joined);
  }

  /** The same, compressed. */
  StoredSnapshotLog compressed() {
    return deflatedText > 0
        ? this
        : new StoredSnapshotLog(
            text,
            GzipMetadata.deflateFast(text, 0, text.length),
            text.length,
            JoinedChecksum.of(text));
  }

  /** True if it starts with this text. */
  public boolean startsWith(String beginning) {
    byte[] wanted = bytes(beginning);
    return text.length >= wanted.length
        && Arrays.equals(text, 0, wanted.length, wanted, 0, wanted.length);
  }

  /** The text, which the caller does not change. */
  byte[] text() {
    return text;
  }

  /** Its beginning in DEFLATE, which the caller does not change. */
  byte[] deflated() {
    return deflated;
  }

  /** The rest of the text, which is not compressed. */
  byte[] rest() {
    return Arrays.copyOfRange(text, deflatedText, text.length);
  }

  /** The CRC-32 of the text, if it is compressed. */
  int checksum() {
    return checksum;
  }

  /** The number of bytes that are stored. */
  int size() {
    return text.length + deflated.length;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
