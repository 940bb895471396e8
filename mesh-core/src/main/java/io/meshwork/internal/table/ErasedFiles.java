package io.meshwork.internal.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The files of a table that contain erased rows. The record is permanent: it outlives snapshots,
 * receipts, and files, and has only hashes of locations. Immutable.
 */
public final class ErasedFiles {
  private static final String PREFIX = "erased/";
  private static final int MAX_PER_DOCUMENT = 5_000;
  private static final int MAX_FILES = 100_000;
  private static final int HASH_CHARS = 16;
  private static final int ID_CHARS = 36;

  private final Set<String> hashes;

  private ErasedFiles(Set<String> hashes) {
    this.hashes = hashes;
  }

  private record ErasedFilesDocument(String publishId, List<String> files) {
    static final DocumentCodec<ErasedFilesDocument> CODEC =
        DocumentCodec.of(ErasedFilesDocument.class);
  }

  /**
   * Records the files of one erase in its transaction. Of more than 100,000 files, files of engines
   * take precedence: files of publishes are also identified by their names.
   */
  public static void record(
      CommitDraft<?> draft, TableName table, String publishId, Collection<String> locations) {
    List<String> recorded =
        locations.stream()
            .sorted(Comparator.comparing(ErasedFiles::isOfPublish).thenComparing(name -> name))
            .limit(MAX_FILES)
            .toList();
    for (int from = 0; from < recorded.size(); from += MAX_PER_DOCUMENT) {
      List<String> part =
          recorded.subList(from, Math.min(recorded.size(), from + MAX_PER_DOCUMENT));
      draft.insert(
          new Key(
              table.partition(), prefix(table.table()) + publishId + "-" + from / MAX_PER_DOCUMENT),
          DocumentCodec.document(
              new ErasedFilesDocument(publishId, part.stream().map(ErasedFiles::hash).toList())));
    }
  }

  /** The recorded files of a table. */
  public static ErasedFiles of(Ledger ledger, TableName table) {
    return of(ledger, table.key());
  }

  /** The recorded files of a table, by the key of its pointer. */
  public static ErasedFiles of(Ledger ledger, Key pointer) {
    String table = pointer.sort().substring(TableName.POINTERS.length());
    Set<String> hashes = new HashSet<>();
    for (VersionedDocument document : ledger.list(pointer.partition(), prefix(table))) {
      hashes.addAll(ErasedFilesDocument.CODEC.read(document).files());
    }
    return new ErasedFiles(hashes);
  }

  /** True if no file contains erased rows. */
  public boolean isEmpty() {
    return hashes.isEmpty();
  }

  /** True if a file contains erased rows. */
  public boolean contains(String location) {
    return !hashes.isEmpty() && hashes.contains(hash(location));
  }

  /** Those of these files that contain erased rows. */
  public List<String> findIn(Collection<String> locations) {
    List<String> names = new ArrayList<>();
    locations.stream().filter(this::contains).forEach(names::add);
    return names;
  }

  /**
   * Replaces the hashes of files that were copied to other locations, if a document is a record of
   * this table.
   *
   * @param pointer the key of the table's pointer
   * @param locations new locations by old ones
   */
  public static void relocate(
      String sort, ObjectNode document, Key pointer, Map<String, String> locations) {
    String table = pointer.sort().substring(TableName.POINTERS.length());
    if (!sort.startsWith(prefix(table))) {
      return;
    }
    Map<String, String> hashes = new HashMap<>();
    locations.forEach((from, to) -> hashes.put(hash(from), hash(to)));
    ErasedFilesDocument recorded = ErasedFilesDocument.CODEC.read(document);
    List<String> relocated =
        recorded.files().stream().map(hash -> hashes.getOrDefault(hash, hash)).toList();
    ErasedFilesDocument.CODEC.writeTo(
        document, new ErasedFilesDocument(recorded.publishId(), relocated));
  }

  /** True if a file has the name of a file of a publish, which engines never use. */
  public static boolean isOfPublish(String location) {
    String name = location.substring(location.lastIndexOf('/') + 1);
    return name.length() > ID_CHARS
        && name.charAt(ID_CHARS) == '-'
        && IdGenerator.time(name.substring(0, ID_CHARS)).isPresent();
  }

  private static String prefix(String table) {
    return PREFIX + table + "/";
  }

  private static String hash(String location) {
    return Sha256.hex(CanonicalLocation.comparable(location)).substring(0, HASH_CHARS);
  }
}
