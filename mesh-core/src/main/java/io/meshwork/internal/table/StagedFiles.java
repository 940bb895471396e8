package io.meshwork.internal.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.LocationProviders;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;

/**
 * The files of a staged publish, which its document in the registry names and no table references.
 * They are in the folder of the quarantine of its major version. Immutable.
 *
 * @param publishId the ID of the staged publish, which the names of its files contain
 * @param fitting files of rows that fit their columns
 * @param malformed files of the other rows, with the columns of a quarantine
 * @param erasedFiles files that an erase removed; a terminated process may have left some
 * @param stored the document
 */
public record StagedFiles(
    String publishId,
    int major,
    Instant stagedAt,
    List<StagedFile> fitting,
    List<StagedFile> malformed,
    List<StagedFile> erasedFiles,
    VersionedDocument stored) {
  /** The field with the ID of the erase that removed the files. */
  public static final String ERASED_BY = "erasedBy";

  /** The field with the newest snapshot of each major version at the time of staging. */
  public static final String BASES = "bases";

  /** The field with what happens to the existing rows. */
  public static final String MODE = "mode";

  /**
   * One file.
   *
   * @param name its name below the data folder of the quarantine, so that a mesh can be moved
   */
  public record StagedFile(String name, long bytes, long rows) {}

  public StagedFiles {
    fitting = List.copyOf(fitting);
    malformed = List.copyOf(malformed);
    erasedFiles = List.copyOf(erasedFiles);
  }

  public static StagedFiles of(VersionedDocument stored) {
    return DocumentCodec.of(StagedFiles.class).read(stored);
  }

  /** Returns new files, with a document that lacks them. */
  public static StagedFiles of(
      String publishId,
      int major,
      Instant stagedAt,
      List<DataFileEntry> fitting,
      List<DataFileEntry> malformed,
      VersionedDocument document) {
    return new StagedFiles(
        publishId, major, stagedAt, staged(fitting), staged(malformed), List.of(), document);
  }

  /** A copy of the document whose files an erase removes; it names them, so that none can stay. */
  public ObjectNode erased() {
    StagedFiles erased =
        new StagedFiles(publishId, major, stagedAt, List.of(), List.of(), files().toList(), stored);
    return DocumentCodec.of(StagedFiles.class).write(erased, Optional.of(stored));
  }

  /** Those of a product, by the partition of its documents. */
  public static List<StagedFiles> list(Ledger ledger, String partition) {
    return ledger.list(partition, RegistryKeys.STAGED).stream().map(StagedFiles::of).toList();
  }

  /** The names of all staged files of a product, without files that an erase removed. */
  public static Set<String> names(Ledger ledger, String partition) {
    return list(ledger, partition).stream()
        .filter(staged -> !staged.isErased())
        .flatMap(StagedFiles::files)
        .map(StagedFile::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** True if these names include the name of the file at a location. */
  public static boolean contains(Set<String> names, String location) {
    return names.contains(location.substring(location.lastIndexOf('/') + 1));
  }

  /** True if it replaces rows, and no erase removed its files. */
  public boolean isReplacement() {
    return stored.json().path(MODE).asText().startsWith("replace-") && !isErased();
  }

  /** True if a publish wrote a major version at the time of staging. */
  public boolean hasBase(int otherMajor) {
    return stored.json().path(BASES).has(Integer.toString(otherMajor));
  }

  /** The newest snapshot of a major version at the time of staging; empty if it had none. */
  public OptionalLong base(int otherMajor) {
    String id = stored.json().path(BASES).path(Integer.toString(otherMajor)).asText("");
    return id.isEmpty() || id.equals("null")
        ? OptionalLong.empty()
        : OptionalLong.of(Long.parseLong(id));
  }

  /** True if an erase removed the files. */
  public boolean isErased() {
    return stored.json().has(ERASED_BY);
  }

  public Stream<StagedFile> files() {
    return Stream.concat(fitting.stream(), malformed.stream());
  }

  /** The number of rows in these files. */
  public static long rows(List<StagedFile> files) {
    return files.stream().mapToLong(StagedFile::rows).sum();
  }

  /** The locations of all files, by the quarantine in whose folder they are. */
  public List<String> locations(Table quarantine) {
    return files().map(file -> location(file, quarantine)).toList();
  }

  /** Files as a scan reads them, by the quarantine in whose folder they are. */
  public static List<DataFile> in(Table quarantine, List<StagedFile> files) {
    List<DataFile> data = new ArrayList<>();
    for (StagedFile file : files) {
      data.add(
          DataFiles.builder(PartitionSpec.unpartitioned())
              .withPath(location(file, quarantine))
              .withFormat(FileFormat.PARQUET)
              .withFileSizeInBytes(file.bytes())
              .withRecordCount(file.rows())
              .build());
    }
    return data;
  }

  /** The location of a file, by the quarantine in whose folder it is. */
  public static String location(StagedFile file, Table quarantine) {
    return LocationProviders.locationsFor(quarantine.location(), quarantine.properties())
        .newDataLocation(file.name());
  }

  private static List<StagedFile> staged(List<DataFileEntry> files) {
    return files.stream()
        .map(
            file ->
                new StagedFile(
                    file.location().substring(file.location().lastIndexOf('/') + 1),
                    file.bytes(),
                    file.rows()))
        .toList();
  }
}
