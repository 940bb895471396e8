package io.meshwork.internal.maintenance;

import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * A part of a log that gets no more entries: each entry is a line of JSON, in their order. The same
 * part gives the same bytes at any time. Immutable.
 *
 * @param partition whose log it is
 * @param first the sequence of the first entry
 * @param last the sequence of the last entry
 */
record LogSegment(String partition, long first, long last) {
  /** No segment goes beyond a thousand of sequences. */
  static final int ENTRIES = 1_000;

  /** Stands for the product in the folder of a log that is no product's. */
  static final String NO_PRODUCT = "_";

  /** What a document of the registry says of it. */
  static LogSegment of(VersionedDocument document) {
    return new LogSegment(
        document.key().partition(),
        document.json().path("first").asLong(),
        document.json().path("last").asLong());
  }

  /** How many entries it has. */
  long entries() {
    return last - first + 1;
  }

  /** Where its file lies, below the folder of archives. */
  String path() {
    String folder = partition.contains("/") ? partition : partition + "/" + NO_PRODUCT;
    return String.format(Locale.ROOT, "%s/%020d-%020d.jsonl", folder, first, last);
  }

  /**
   * Its file's content as the registry has it now.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  byte[] content(Ledger ledger) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (long thousand = first / ENTRIES; thousand <= last / ENTRIES; thousand++) {
      for (VersionedDocument entry : ledger.thousand(partition, thousand)) {
        long sequence = sequence(entry);
        if (sequence >= first && sequence <= last) {
          lines.writeBytes(DocumentJson.write(entry.json()).getBytes(StandardCharsets.UTF_8));
          lines.write('\n');
        }
      }
    }
    return lines.toByteArray();
  }

  /** True if a file says this, or as much of it as its writer came to: nothing is lost with it. */
  static boolean saysNoMore(byte[] file, byte[] content) {
    int differs = Arrays.mismatch(file, content);
    return differs < 0 || differs == file.length;
  }

  static long sequence(VersionedDocument entry) {
    return entry.json().path("sequence").asLong();
  }

  /** SHA-256 as lower-case hexadecimal. */
  static String digest(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  /** The first entry that no archive has of which the log tells: archives have no gaps. */
  static long next(Ledger ledger, String partition) {
    List<VersionedDocument> archived = archived(ledger, partition);
    return archived.isEmpty() ? 1 : of(archived.get(archived.size() - 1)).last() + 1;
  }

  /** All that a partition has archived, in order. */
  static List<VersionedDocument> archived(Ledger ledger, String partition) {
    return ledger.list(partition, RegistryKeys.ARCHIVES);
  }
}
