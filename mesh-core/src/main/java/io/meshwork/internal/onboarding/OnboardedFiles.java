package io.meshwork.internal.onboarding;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.FileFingerprint;
import io.meshwork.internal.table.FileTailHash;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The files of other programs that a product ever registered, in any major version. The record
 * outlives snapshots and has only hashes of locations: a file whose rows were replaced or erased
 * later is never registered again, neither there nor under another name: its mark and length tell
 * its content. Immutable.
 */
public final class OnboardedFiles {
  private static final String PREFIX = "onboarded/";

  /**
   * The most files of one commit: so that their hashes leave most of a registry transaction for its
   * other documents, and what is measured of them fits in memory.
   */
  public static final int MAX_FILES = 25_000;

  private static final int MAX_PER_DOCUMENT = 2_500;
  private static final int HASH_CHARS = 32;

  /** The files of a product without registered files. */
  public static final OnboardedFiles NONE = new OnboardedFiles(Map.of(), Set.of());

  /**
   * What is known of the content of a file.
   *
   * @param mark empty if it has none
   */
  private record Content(String mark, long length) {}

  /**
   * A document.
   *
   * @param files the hashes of locations
   * @param marks the marks of these files, in the same order
   * @param lengths the lengths of these files, in the same order
   */
  private record Registration(
      String publishId,
      @JsonInclude(JsonInclude.Include.ALWAYS) List<String> origins,
      @JsonInclude(JsonInclude.Include.ALWAYS) List<String> files,
      @JsonInclude(JsonInclude.Include.ALWAYS) List<String> marks,
      @JsonInclude(JsonInclude.Include.ALWAYS) List<Long> lengths) {
    Registration {
      if (marks.size() != files.size() || lengths.size() != files.size()) {
        throw DocumentJson.damaged(
            "a registration of files",
            "it has "
                + files.size()
                + " files, "
                + marks.size()
                + " marks, and "
                + lengths.size()
                + " lengths");
      }
    }
  }

  /** By the hash of the location. */
  private final Map<String, Content> files;

  /** The hashes of locations, by the hash of the files' last bytes. */
  private final Map<String, Set<String>> byEnd = new HashMap<>();

  private final Set<Long> lengths = new HashSet<>();
  private final Set<String> origins;

  private OnboardedFiles(Map<String, Content> files, Set<String> origins) {
    this.files = files;
    this.origins = origins;
    files.forEach(
        (location, file) -> {
          if (!file.mark().isEmpty()) {
            lengths.add(file.length());
            byEnd
                .computeIfAbsent(
                    FileFingerprint.parse(file.mark()).hash(), absent -> new TreeSet<>())
                .add(location);
          }
        });
  }

  /**
   * Records the files of one registration in its transaction.
   *
   * @param marks by what changes of them are found, by location
   * @param origins where they are
   */
  public static void record(
      CommitDraft<?> draft,
      ProductName product,
      String publishId,
      List<DataFileEntry> registered,
      Map<String, FileFingerprint> marks,
      List<String> origins) {
    for (int from = 0; from < registered.size(); from += MAX_PER_DOCUMENT) {
      List<DataFileEntry> part =
          registered.subList(from, Math.min(registered.size(), from + MAX_PER_DOCUMENT));
      Registration registration =
          new Registration(
              publishId,
              from == 0 ? origins : List.of(),
              part.stream().map(file -> hash(file.location())).toList(),
              part.stream()
                  .map(file -> marks.get(file.location()))
                  .map(mark -> mark == null ? "" : mark.toString())
                  .toList(),
              part.stream().map(DataFileEntry::bytes).toList());
      draft.insert(
          new Key(
              RegistryKeys.partition(product), PREFIX + publishId + "-" + from / MAX_PER_DOCUMENT),
          DocumentCodec.of(Registration.class).write(registration, Optional.empty()));
    }
  }

  /** The recorded files of a product. */
  public static OnboardedFiles of(Ledger ledger, ProductName product) {
    Map<String, Content> files = new HashMap<>();
    Set<String> origins = new TreeSet<>();
    for (VersionedDocument document : ledger.list(RegistryKeys.partition(product), PREFIX)) {
      Registration registration = DocumentCodec.of(Registration.class).read(document);
      for (int i = 0; i < registration.files().size(); i++) {
        files.put(
            registration.files().get(i),
            new Content(registration.marks().get(i), registration.lengths().get(i)));
      }
      origins.addAll(registration.origins());
    }
    return new OnboardedFiles(files, origins);
  }

  /** Where its files were registered from. */
  public Set<String> origins() {
    return Set.copyOf(origins);
  }

  /** True if a file was registered, even if the table does not have it any longer. */
  public boolean contains(String location) {
    return !files.isEmpty() && files.containsKey(hash(location));
  }

  /** By what a change of a registered file is found; empty if it was not recorded. */
  public Optional<FileFingerprint> mark(String location) {
    Content file = files.get(hash(location));
    return file == null || file.mark().isEmpty()
        ? Optional.empty()
        : Optional.of(FileFingerprint.parse(file.mark()));
  }

  /** False if no file of this length was registered, so that its end must not be read. */
  public boolean mayHave(long length) {
    return lengths.contains(length);
  }

  /** The hashes of the locations at which a file with this end was registered. */
  public Set<String> withContent(FileTailHash end) {
    Set<String> locations = new TreeSet<>(byEnd.getOrDefault(end.hash(), Set.of()));
    locations.removeIf(
        location -> {
          Content file = files.get(location);
          return file == null || file.length() != end.length();
        });
    return locations;
  }

  /** What was registered at locations, except locations whose hashes are left out. */
  public Set<String> contentsBut(Predicate<String> leftOut) {
    Set<String> contents = new HashSet<>();
    files.forEach(
        (location, file) -> {
          if (!file.mark().isEmpty() && !leftOut.test(location)) {
            contents.add(FileFingerprint.parse(file.mark()).content(file.length()));
          }
        });
    return contents;
  }

  /** True if a file was registered at the location with this hash. */
  boolean containsHash(String hash) {
    return files.containsKey(hash);
  }

  /** The hash of a location, which is recorded because a location may contain values of rows. */
  public static String hash(String location) {
    return Sha256.hex(location).substring(0, HASH_CHARS);
  }
}
