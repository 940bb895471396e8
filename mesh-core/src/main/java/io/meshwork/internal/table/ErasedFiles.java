package io.meshwork.internal.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which files of a table hold rows that were erased, for good: longer than any snapshot, receipt or
 * file. Only hashes of locations are kept. Immutable.
 */
public final class ErasedFiles {
  private static final String PREFIX = "erased/";
  private static final String FILES = "files";
  private static final int IN_ONE = 5_000;
  private static final int MOST = 100_000;
  private static final int HASH_CHARS = 16;
  private static final int ID_CHARS = 36;

  private final Set<String> hashes;

  private ErasedFiles(Set<String> hashes) {
    this.hashes = hashes;
  }

  /**
   * Puts the files of one erase on record, in the erase's own transaction. Of more than 100,000 it
   * keeps those that engines wrote first: the others are known by their names.
   */
  public static void keep(
      CommitDraft<?> draft, TableName table, String publishId, Collection<String> locations) {
    List<String> kept =
        locations.stream()
            .sorted(Comparator.comparing(ErasedFiles::isOfPublish).thenComparing(name -> name))
            .limit(MOST)
            .toList();
    for (int from = 0; from < kept.size(); from += IN_ONE) {
      ObjectNode document = JsonNodeFactory.instance.objectNode();
      document.put("format", 1).put("publishId", publishId);
      ArrayNode files = document.putArray(FILES);
      kept.subList(from, Math.min(kept.size(), from + IN_ONE))
          .forEach(location -> files.add(hash(location)));
      draft.insert(
          new Key(table.partition(), prefix(table.table()) + publishId + "-" + from / IN_ONE),
          document);
    }
  }

  /** What is on record of a table. */
  public static ErasedFiles of(Ledger ledger, TableName table) {
    return of(ledger, table.key());
  }

  /** The same by the key of the table's pointer. */
  public static ErasedFiles of(Ledger ledger, Key pointer) {
    String table = pointer.sort().substring(TableName.POINTERS.length());
    Set<String> hashes = new HashSet<>();
    for (VersionedDocument document : ledger.list(pointer.partition(), prefix(table))) {
      for (JsonNode hash : document.json().path(FILES)) {
        hashes.add(hash.asText());
      }
    }
    return new ErasedFiles(hashes);
  }

  /** True if nothing was erased. */
  public boolean isEmpty() {
    return hashes.isEmpty();
  }

  /** True if a file holds rows that were erased. */
  public boolean holds(String location) {
    return !hashes.isEmpty() && hashes.contains(hash(location));
  }

  /** The files of these that hold rows that were erased. */
  public List<String> among(Collection<String> locations) {
    List<String> found = new ArrayList<>();
    locations.stream().filter(this::holds).forEach(found::add);
    return found;
  }

  /** True if a file has the name of one that the mesh itself wrote, which no engine does. */
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
    return RegistryKeys.sha256(CanonicalLocation.comparable(location)).substring(0, HASH_CHARS);
  }
}
