package io.meshwork.internal.leftovers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.routing.PartitionCatalogs;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.DataPlaces;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A segment of a log that gets no more entries. Its file has one line of JSON for each entry, in
 * order, and the same bytes at any time. Immutable.
 *
 * @param partition the partition of the log
 * @param first the sequence of the first entry
 * @param last the sequence of the last entry
 */
public record LogSegment(String partition, long first, long last) {
  /** The maximum number of entries; a segment does not cross a multiple of it. */
  public static final int ENTRIES = 1_000;

  /** The folder, in place of a product's, of a log that belongs to no product. */
  static final String NO_PRODUCT = "_";

  /**
   * An archived segment, as its document in the registry describes it.
   *
   * @param path the path of its file, relative to the archive folder
   * @param bytes the size of the file
   * @param sha256 the digest of the file
   * @param at when it was archived
   * @param root the root of the place that has its file; empty for the mesh's
   */
  public record ArchivedSegment(
      long first,
      long last,
      String path,
      long bytes,
      String sha256,
      Instant at,
      Optional<String> root) {
    public static ArchivedSegment of(VersionedDocument document) {
      return DocumentCodec.of(ArchivedSegment.class).read(document);
    }

    public ObjectNode toDocument() {
      return DocumentCodec.of(ArchivedSegment.class).write(this, Optional.empty());
    }
  }

  /** Returns the segment that a document of the registry describes. */
  public static LogSegment of(VersionedDocument document) {
    ArchivedSegment archived = ArchivedSegment.of(document);
    return new LogSegment(document.key().partition(), archived.first(), archived.last());
  }

  public String writingDomain() {
    return writingDomain(partition);
  }

  public static String writingDomain(String partition) {
    return PartitionCatalogs.domain(partition);
  }

  /** Returns the number of entries. */
  public long entries() {
    return last - first + 1;
  }

  /**
   * Returns the location of its file.
   *
   * @param root the root of a place, or of the mesh
   */
  public String location(String root) {
    return DataPlaces.archiveFolder(root) + "/" + path();
  }

  /** Returns the location of the file of an archive that the registry has. */
  public static String location(ClientSession session, VersionedDocument archived) {
    Optional<String> root = ArchivedSegment.of(archived).root();
    return of(archived).location(root.orElseGet(() -> session.tables().places().meshRoot()));
  }

  /** Returns the path of its file, relative to the archive folder. */
  public String path() {
    String folder = partition.contains("/") ? partition : partition + "/" + NO_PRODUCT;
    return String.format(Locale.ROOT, "%s/%020d-%020d.jsonl", folder, first, last);
  }

  /**
   * Returns the content of its file, from the current registry.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public byte[] content(Ledger ledger) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (long thousand = first / ENTRIES; thousand <= last / ENTRIES; thousand++) {
      for (VersionedDocument entry : ledger.thousand(partition, thousand)) {
        long sequence = Ledger.sequence(entry);
        if (sequence >= first && sequence <= last) {
          lines.writeBytes(DocumentJson.write(entry.json()).getBytes(StandardCharsets.UTF_8));
          lines.write('\n');
        }
      }
    }
    return lines.toByteArray();
  }

  /** Returns true if a file has this content or, if its writer did not finish, the start of it. */
  public static boolean isPrefix(byte[] file, byte[] content) {
    int differs = Arrays.mismatch(file, content);
    return differs < 0 || differs == file.length;
  }

  /** Returns the sequence after the last archived entry; archives have no gaps. */
  public static long nextToArchive(Ledger ledger, String partition) {
    List<VersionedDocument> archived = archived(ledger, partition);
    return archived.isEmpty() ? 1 : of(archived.get(archived.size() - 1)).last() + 1;
  }

  /** Returns the documents of a partition's archives, in order. */
  public static List<VersionedDocument> archived(Ledger ledger, String partition) {
    return ledger.list(partition, RegistryKeys.ARCHIVES);
  }
}
