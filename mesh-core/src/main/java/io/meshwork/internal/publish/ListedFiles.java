package io.meshwork.internal.publish;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshException;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.CanonicalLocation;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * The Parquet files below a location that are not the mesh's own. Immutable.
 *
 * @param origins where they are, in the form in which tables name locations, without trailing
 *     slashes
 * @param files the files, by location
 * @param folders the values of columns in the names of the files' folders, also of those above the
 *     origins, such as {@code dt=2026-01-01}, by location and column, the outermost first
 */
record ListedFiles(
    List<String> origins, List<FileInfo> files, Map<String, Map<String, String>> folders) {
  ListedFiles {
    origins = List.copyOf(origins);
    files = List.copyOf(files);
    folders = Map.copyOf(folders);
  }

  /**
   * Lists the files below several locations, each file once.
   *
   * @param mayBeEmpty false to fail if a location has no file
   */
  static ListedFiles ofAll(
      ClientSession session, List<String> locations, boolean mayBeEmpty, MeshAction action) {
    List<String> origins = new ArrayList<>();
    Map<String, FileInfo> files = new TreeMap<>();
    Map<String, Map<String, String>> folders = new HashMap<>();
    for (String location : locations) {
      ListedFiles listed = of(session, location, mayBeEmpty, action);
      origins.addAll(listed.origins());
      listed.files().forEach(file -> files.put(file.location(), file));
      listed.folders().forEach(folders::putIfAbsent);
    }
    return new ListedFiles(origins, List.copyOf(files.values()), folders);
  }

  private static ListedFiles of(
      ClientSession session, String location, boolean mayBeEmpty, MeshAction action) {
    String start = location.length() > 1 ? location.replaceFirst("/+$", "") : location;
    if (!(session.files() instanceof SupportsPrefixOperations listing)) {
      throw Failure.of(action.on("from " + location))
          .because("the store of the mesh cannot list files")
          .fix("Publish the files with files(..), which copies them.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    String canonical = canonical(session, start);
    Set<String> roots = session.tables().roots();
    requireForeign(roots, canonical + "/_", action.on("from " + location));
    requireNoTableAround(listing, canonical, action.on("from " + location));
    List<FileInfo> found = listed(listing, start, action.on("from " + location));
    List<FileInfo> files = new ArrayList<>();
    for (FileInfo file : found) {
      requireForeign(roots, file.location(), action.on("from " + location));
      if (isData(file.location(), canonical)) {
        files.add(file);
      }
    }
    files.sort(Comparator.comparing(FileInfo::location));
    if (files.isEmpty() && !mayBeEmpty) {
      throw Failure.of(action.on("from " + location))
          .because("it has no file that ends in .parquet")
          .fix("Check the location.")
          .invalidRequest(ErrorCode.SOURCE_UNREADABLE);
    }
    Map<String, Map<String, String>> folders = new HashMap<>();
    Map<String, Map<String, String>> byFolder = new HashMap<>();
    for (FileInfo file : files) {
      String folder = file.location().substring(0, file.location().lastIndexOf('/') + 1);
      folders.put(file.location(), byFolder.computeIfAbsent(folder, ListedFiles::values));
    }
    return new ListedFiles(List.of(canonical), files, folders);
  }

  private static List<FileInfo> listed(
      SupportsPrefixOperations listing, String folder, MeshAction action) {
    List<FileInfo> found = new ArrayList<>();
    try {
      listing.listPrefix(folder + "/").forEach(found::add);
    } catch (MeshException e) {
      throw e;
    } catch (RuntimeException e) {
      throw Failure.of(action)
          .because("the files in " + folder + " cannot be listed")
          .fix("Check the location and its permissions.")
          .cause(e)
          .invalidRequest(ErrorCode.SOURCE_UNREADABLE);
    }
    return found;
  }

  /** Rejects a folder in a table of another format, whose own folder is further up. */
  private static void requireNoTableAround(
      SupportsPrefixOperations listing, String start, MeshAction action) {
    int scheme = start.indexOf("://");
    int first = scheme < 0 ? 0 : scheme + 3;
    for (String folder = start; folder.length() > first; folder = above(folder, first)) {
      for (String log : List.of("/_delta_log", "/.hoodie", "/metadata")) {
        for (FileInfo file : listed(listing, folder + log, action)) {
          requireNoTable(file.location(), action);
        }
      }
    }
  }

  /** The folder of a folder; empty for the outermost one. */
  private static String above(String folder, int first) {
    int slash = folder.lastIndexOf('/');
    return slash < first ? "" : folder.substring(0, slash);
  }

  /** The location in the form in which tables name its files. */
  private static String canonical(ClientSession session, String start) {
    String file = session.files().newInputFile(start + "/_").location();
    return file.substring(0, file.length() - 2);
  }

  /** Returns the values in the names of all folders of a file, also of those above the start. */
  private static Map<String, String> values(String location) {
    Map<String, String> values = new LinkedHashMap<>();
    String[] segments = location.split("/", -1);
    for (int i = 0; i < segments.length - 1; i++) {
      int equals = segments[i].indexOf('=');
      if (equals > 0) {
        values.put(
            decoded(segments[i].substring(0, equals)), decoded(segments[i].substring(equals + 1)));
      }
    }
    return values;
  }

  /**
   * Hive encodes some characters as a percent sign and two digits, and leaves the plus sign. A text
   * whose bytes are not UTF-8 stays as it is, so that different ones stay different.
   */
  private static String decoded(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    try {
      String decoded = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
      return replacements(decoded) > replacements(text) ? text : decoded;
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  /** The number of replacement characters, also of those that are encoded. */
  private static long replacements(String text) {
    return Pattern.compile("\uFFFD|%EF%BF%BD", Pattern.CASE_INSENSITIVE)
        .matcher(text)
        .results()
        .count();
  }

  /** Rejects files of the mesh, and folders of table formats, of which not each file has rows. */
  private static void requireForeign(Set<String> roots, String file, MeshAction action) {
    if (roots.stream().anyMatch(root -> isOwn(root, file))) {
      throw rejected(action, "it contains files of the mesh itself", "Name a folder beside it.");
    }
    requireNoTable(file, action);
  }

  /**
   * True if a file is below a root. In an embedded mesh, all files below the root without a path
   * are; a folder with a name is none of them, whatever its path.
   */
  private static boolean isOwn(String root, String file) {
    boolean named = LocalFileIO.isReadOnly(file);
    return file.startsWith(root + "/") || (!named && CanonicalLocation.leadsBelow(root, file));
  }

  private static void requireNoTable(String file, MeshAction action) {
    String format =
        file.contains("/_delta_log/")
            ? "Delta Lake"
            : file.contains("/.hoodie/")
                ? "Hudi"
                : file.endsWith(".metadata.json")
                        || file.endsWith(".metadata.json.gz")
                        || file.endsWith(".puffin")
                    ? "Iceberg"
                    : "";
    if (!format.isEmpty()) {
      throw rejected(
          action,
          "it is in a table of "
              + format
              + ", or contains one, which has files whose rows were removed",
          "Read the table with its own engine, and publish the rows.");
    }
  }

  static InvalidRequestException rejected(MeshAction action, String why, String fix) {
    return Failure.of(action)
        .because(why)
        .state("Nothing was registered.")
        .fix(fix)
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }

  /** True for a file with rows: neither hidden, nor in a hidden folder below the start. */
  private static boolean isData(String location, String start) {
    String path = location.startsWith(start) ? location.substring(start.length()) : location;
    boolean hidden = path.contains("/_") || path.contains("/.");
    return !hidden && location.toLowerCase(Locale.ROOT).endsWith(".parquet");
  }
}
