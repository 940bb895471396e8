package io.meshwork.internal.table;

import io.meshwork.internal.runtime.IdGenerator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who wrote a file in a table's folder, by its path below that folder: Meshwork's files have exact
 * names, in exact places. A copy with another name, or in another folder, is not its file.
 * Immutable.
 *
 * @param id the ID of the publish or the attempt; empty if the writer is unknown
 * @param number the number of a complete metadata file, which says how many commits the table then
 *     had; -1 for another file
 */
public record FileOrigin(Writer writer, String id, long number) {
  private static final long NO_NUMBER = -1;
  private static final FileOrigin UNKNOWN = new FileOrigin(Writer.UNKNOWN, "", NO_NUMBER);
  private static final String UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
  private static final String ID = "(" + UUID + ")";

  /** A file is written as {@code .<name>.tmp}, or with a number before the ending. */
  private static final Pattern UNFINISHED = Pattern.compile("\\.(.+?)(?:\\.[0-9]+)?\\.tmp");

  private static final String COPY = "-copy-";

  /** The pattern of LIKE for the publish IDs of copies. */
  public static final String COPY_IDS = "%" + COPY + "%";

  private static final String OF_COPY = COPY + "([0-9a-f]{16})";
  private static final Pattern COPY_ID = Pattern.compile(".*" + OF_COPY);
  private static final Pattern COPIED = Pattern.compile(COPY_ID + "(?:-q)?-[0-9]+\\.parquet");

  private static final Pattern DATA =
      Pattern.compile(
          "data/(?:[^/=]+=[^/]*/)*"
              + ID
              + "(?:"
              + OF_COPY
              + ")?(?:-t[0-9]+-[0-9]+(?:-c|-undecided)?)?"
              + "(?:-q)?(?:-[rg][0-9]+)?(?:-s[0-9]+)?-[0-9]+\\.parquet");

  private static final Pattern METADATA_FILE =
      Pattern.compile("metadata/([0-9]{1,18})-" + ID + "(?:\\.gz)?\\.metadata\\.json");

  private static final Pattern MANIFEST =
      Pattern.compile(
          "metadata/" + ID + "-(?:" + UUID + "-m[0-9]+|snap-[0-9]+-[0-9]+-" + UUID + ")\\.avro");

  private static final String ADDED = "-added-";
  private static final String REPLACED = "-replaced-";

  private static final Pattern MANIFEST_OF_PUBLISH =
      Pattern.compile(
          "metadata/" + ID + "(?:" + ADDED + "|" + REPLACED + UUID + "-)m[0-9]+\\.avro");

  /**
   * The name of a manifest of the files that a publish adds.
   *
   * @param number its number among these, from 0
   */
  static String manifestName(String publishId, int number) {
    return publishId + ADDED + "m" + number + ".avro";
  }

  /**
   * The name of a manifest that the tries of a publish or compaction share.
   *
   * @param fileName the name that Iceberg gives it
   */
  static String manifestName(String id, String fileName) {
    return id + REPLACED + fileName;
  }

  /** True for the name that Iceberg gives a manifest list; otherwise it names a manifest. */
  static boolean isManifestList(String fileName) {
    return fileName.startsWith("snap-");
  }

  /** The writer of a file. */
  public enum Writer {
    /** A publish or a compaction, whose commit a fence prevents. */
    PUBLISH,
    /** An attempt to commit, whose outcome can be settled. */
    ATTEMPT,
    /** An engine, another program, or a person. */
    UNKNOWN
  }

  /**
   * The writer of a file.
   *
   * @param path the file's path below the table's folder
   */
  public static FileOrigin of(String path) {
    String finished = finished(path);
    Matcher data = DATA.matcher(finished);
    if (data.matches()) {
      return of(Writer.PUBLISH, data.group(1), NO_NUMBER);
    }
    Matcher shared = MANIFEST_OF_PUBLISH.matcher(finished);
    if (shared.matches()) {
      return of(Writer.PUBLISH, shared.group(1), NO_NUMBER);
    }
    Matcher metadata = METADATA_FILE.matcher(finished);
    if (metadata.matches()) {
      boolean complete = finished.equals(path);
      long number = complete ? Long.parseLong(metadata.group(1)) : NO_NUMBER;
      return of(Writer.ATTEMPT, metadata.group(2), number);
    }
    Matcher manifest = MANIFEST.matcher(finished);
    return manifest.matches() ? of(Writer.ATTEMPT, manifest.group(1), NO_NUMBER) : UNKNOWN;
  }

  private static FileOrigin of(Writer writer, String id, long number) {
    return IdGenerator.time(id).isPresent() ? new FileOrigin(writer, id, number) : UNKNOWN;
  }

  private static String finished(String path) {
    int name = path.lastIndexOf('/') + 1;
    Matcher unfinished = UNFINISHED.matcher(path.substring(name));
    return unfinished.matches() ? path.substring(0, name) + unfinished.group(1) : path;
  }

  /** The publish ID of a copy, which ends with the key of the file that it copies. */
  public static String copyId(String id, String key) {
    return id + COPY + key;
  }

  /** True for the publish ID of a copy, which quarantined rows of a back-fill have. */
  public static boolean isCopyId(String publishId) {
    return COPY_ID.matcher(publishId).matches();
  }

  /**
   * What the rows of a publish are known by in several tables: its ID; for a copy, without the ID
   * of the back-fill, because each one copies the same rows of a file.
   */
  public static String source(String publishId) {
    int copy = publishId.lastIndexOf(COPY);
    return copy < 0 ? publishId : publishId.substring(copy);
  }

  /** The key of the file that a data file copies; empty if it is not a copy. */
  public static Optional<String> copiedKey(String location) {
    Matcher copied = COPIED.matcher(location);
    return copied.matches() ? Optional.of(copied.group(1)) : Optional.empty();
  }
}
