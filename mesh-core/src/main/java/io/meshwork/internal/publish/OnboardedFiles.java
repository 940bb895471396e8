package io.meshwork.internal.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.table.FileMark;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The files of other programs that a product ever registered, in any major version. The record is
 * kept longer than snapshots and has only hashes of locations: a file whose rows were replaced or
 * erased later is never registered again. Immutable.
 */
final class OnboardedFiles {
  private static final String PREFIX = "onboarded/";
  private static final String FILES = "files";
  private static final String MARKS = "marks";
  private static final String ORIGINS = "origins";

  /**
   * The most files of one commit: so that their hashes leave most of a registry transaction for its
   * other documents, and what is measured of them fits in memory.
   */
  static final int MAX_FILES = 25_000;

  private static final int MAX_PER_DOCUMENT = 2_500;
  private static final int HASH_CHARS = 32;

  /** The marks by hash; empty of files that earlier versions registered. */
  private final Map<String, String> files;

  private final Set<String> origins;

  private OnboardedFiles(Map<String, String> files, Set<String> origins) {
    this.files = files;
    this.origins = origins;
  }

  /**
   * Records the files of one registration in its transaction.
   *
   * @param marks by what changes of them are found, by location
   * @param origins where they are
   */
  static void record(
      CommitDraft<?> draft,
      ProductName product,
      String publishId,
      List<String> locations,
      Map<String, FileMark> marks,
      List<String> origins) {
    for (int from = 0; from < locations.size(); from += MAX_PER_DOCUMENT) {
      ObjectNode document = JsonNodeFactory.instance.objectNode();
      document.put("format", 1).put("publishId", publishId);
      ArrayNode places = document.putArray(ORIGINS);
      if (from == 0) {
        origins.forEach(places::add);
      }
      ArrayNode files = document.putArray(FILES);
      ArrayNode known = document.putArray(MARKS);
      for (String location :
          locations.subList(from, Math.min(locations.size(), from + MAX_PER_DOCUMENT))) {
        FileMark mark = marks.get(location);
        files.add(hash(location));
        known.add(mark == null ? "" : mark.toString());
      }
      draft.insert(
          new Key(
              RegistryKeys.partition(product), PREFIX + publishId + "-" + from / MAX_PER_DOCUMENT),
          document);
    }
  }

  /** The recorded files of a product. */
  static OnboardedFiles of(Ledger ledger, ProductName product) {
    Map<String, String> files = new HashMap<>();
    Set<String> origins = new TreeSet<>();
    for (VersionedDocument document : ledger.list(RegistryKeys.partition(product), PREFIX)) {
      JsonNode hashes = document.json().path(FILES);
      JsonNode marks = document.json().path(MARKS);
      for (int i = 0; i < hashes.size(); i++) {
        files.put(hashes.get(i).asText(), marks.path(i).asText());
      }
      document.json().path(ORIGINS).forEach(origin -> origins.add(origin.asText()));
    }
    return new OnboardedFiles(files, origins);
  }

  /** Where its files were registered from. */
  Set<String> origins() {
    return Set.copyOf(origins);
  }

  /** True if a file was registered, even if the table does not have it any longer. */
  boolean contains(String location) {
    return !files.isEmpty() && files.containsKey(hash(location));
  }

  /** By what a change of a registered file is found; empty if it was not recorded. */
  Optional<FileMark> mark(String location) {
    return Optional.of(files.getOrDefault(hash(location), ""))
        .filter(text -> !text.isEmpty())
        .map(FileMark::parse);
  }

  private static String hash(String location) {
    return RegistryKeys.sha256(location).substring(0, HASH_CHARS);
  }
}
