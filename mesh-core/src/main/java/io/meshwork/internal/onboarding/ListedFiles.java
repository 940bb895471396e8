package io.meshwork.internal.onboarding;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshException;
import io.meshwork.internal.disk.DesktopFiles;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.CanonicalLocation;
import io.meshwork.internal.table.MeshTables;
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
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * The Parquet files below a location that are not the mesh's own. Immutable.
 *
 * @param origins where they are, in the form in which tables name locations, without trailing
 *     slashes
 * @param files the files, by location
 * @param folders the values of columns in the names of the files' folders, also of folders above
 *     the origins, such as {@code dt=2026-01-01}, by location and column, the outermost first
 * @param unreadable the folders that this process cannot read
 */
record ListedFiles(
    List<String> origins,
    List<FileInfo> files,
    Map<String, Map<String, String>> folders,
    Set<String> unreadable) {
  private static final int SAMPLES = 5;

  public ListedFiles {
    origins = List.copyOf(origins);
    files = List.copyOf(files);
    folders = Map.copyOf(folders);
    unreadable = Set.copyOf(unreadable);
  }

  /**
   * Lists the files below several locations, each file once.
   *
   * @param mayBeEmpty false to fail if a location has no file
   */
  public static ListedFiles ofAll(
      ClientSession session, List<String> locations, boolean mayBeEmpty, MeshAction action) {
    List<String> origins = new ArrayList<>();
    Map<String, FileInfo> files = new TreeMap<>();
    Map<String, Map<String, String>> folders = new HashMap<>();
    Set<String> unreadable = new TreeSet<>();
    for (String location : locations) {
      ListedFiles listed = of(session, location, mayBeEmpty, action);
      origins.addAll(listed.origins());
      listed.files().forEach(file -> files.put(file.location(), file));
      listed.folders().forEach(folders::putIfAbsent);
      unreadable.addAll(listed.unreadable());
    }
    return new ListedFiles(origins, List.copyOf(files.values()), folders, unreadable);
  }

  private static ListedFiles of(
      ClientSession session, String location, boolean mayBeEmpty, MeshAction action) {
    String named = location.startsWith("file:") ? LocalFileIO.path(location).toString() : location;
    String start = named.length() > 1 ? named.replaceFirst("/+$", "") : named;
    if (!(session.files() instanceof SupportsPrefixOperations listing)) {
      throw Failure.of(action.on("from " + location))
          .because("the store of the mesh cannot list files")
          .fix("Publish the files with files(..), which copies them.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    String canonical = canonical(session, start, action.on("from " + location));
    Set<String> roots = session.tables().roots();
    requireForeign(roots, canonical + "/_", action.on("from " + location));
    requireNoTableAround(listing, canonical, action.on("from " + location));
    Set<String> unreadable = new TreeSet<>();
    List<FileInfo> allFiles =
        listed(listing, start, unreadable::add, action.on("from " + location));
    List<FileInfo> files = new ArrayList<>();
    for (FileInfo file : allFiles) {
      String path = below(canonical, file.location());
      if (DesktopFiles.contain(path)) {
        continue;
      }
      requireForeign(roots, file.location(), action.on("from " + location));
      if (!isHidden(path) && path.toLowerCase(Locale.ROOT).endsWith(".parquet")) {
        files.add(file);
      }
    }
    unreadable.removeIf(folder -> DesktopFiles.contain(below(canonical, folder)));
    for (String folder : unreadable) {
      requireNoTable(folder + "/", action.on("from " + location));
    }
    unreadable.removeIf(folder -> isHidden(below(canonical, folder)));
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
    return new ListedFiles(List.of(canonical), files, folders, unreadable);
  }

  private static List<FileInfo> listed(
      SupportsPrefixOperations listing,
      String folder,
      Consumer<String> unreadable,
      MeshAction action) {
    List<FileInfo> files = new ArrayList<>();
    try {
      MeshTables.list(listing, folder + "/", unreadable).forEach(files::add);
    } catch (MeshException e) {
      throw e;
    } catch (RuntimeException e) {
      throw Failure.of(action)
          .because("the files in " + folder + " cannot be listed")
          .fix("Check the location and its permissions.")
          .cause(e)
          .invalidRequest(ErrorCode.SOURCE_UNREADABLE);
    }
    return files;
  }

  /** Rejects a folder in a table of another format, whose own folder is further up. */
  private static void requireNoTableAround(
      SupportsPrefixOperations listing, String start, MeshAction action) {
    int scheme = start.indexOf("://");
    int first = scheme < 0 ? 0 : scheme + 3;
    for (String folder = start; folder.length() > first; folder = above(folder, first)) {
      for (String log : List.of("/_delta_log", "/.hoodie", "/metadata")) {
        for (FileInfo file :
            listed(listing, folder + log, within -> requireNoTable(within + "/", action), action)) {
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
  private static String canonical(ClientSession session, String start, MeshAction action) {
    try {
      String file = session.files().newInputFile(start + "/_").location();
      return file.substring(0, file.length() - 2);
    } catch (InvalidRequestException e) {
      if (e.errorCode() != ErrorCode.INVALID_ARGUMENT) {
        throw e;
      }
      throw Failure.of(action)
          .because(e.reason())
          .fix("Name the absolute path or the location of a folder.")
          .cause(e)
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
  }

  /** Returns the values in the names of all folders of a file, also of folders above the start. */
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
   * Hive encodes some characters as a percent sign and two digits, and leaves the plus sign. A
   * string whose bytes are not UTF-8 is unchanged, so that different ones stay different.
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

  /** The number of replacement characters, also of encoded ones. */
  private static long replacements(String text) {
    return Pattern.compile("\uFFFD|%EF%BF%BD", Pattern.CASE_INSENSITIVE)
        .matcher(text)
        .results()
        .count();
  }

  /** Rejects files of the mesh, and folders of table formats, of which not each file has rows. */
  private static void requireForeign(Set<String> roots, String file, MeshAction action) {
    if (roots.stream().anyMatch(root -> isOwn(root, file))) {
      throw rejected(action, "it contains files of the mesh itself", "Name a folder outside it.");
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
                : file.endsWith("/metadata/") // it may not be read
                        || file.endsWith(".metadata.json")
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

  private static String below(String start, String location) {
    return location.startsWith(start) ? location.substring(start.length()) : location;
  }

  /** True for what is hidden, or in a hidden folder below the start: it has no rows. */
  private static boolean isHidden(String path) {
    return path.contains("/_") || path.contains("/.");
  }

  /** True for a location in a folder that this process cannot read. */
  boolean isUnreadable(String location) {
    return unreadable.stream().anyMatch(folder -> location.startsWith(folder + "/"));
  }

  /** A finding on the folders that this process cannot read. */
  public List<Finding> findings() {
    return unreadable.isEmpty()
        ? List.of()
        : List.of(
            new Finding(
                FindingCode.FOLDER_UNREADABLE,
                Finding.Severity.WARNING,
                String.join(", ", origins),
                unreadable.size()
                    + (unreadable.size() == 1 ? " folder" : " folders")
                    + " cannot be read: "
                    + String.join(", ", samples())
                    + ". New files there are not registered, and registered files stay.",
                unreadable.size(),
                samples(),
                "Let this process read what is named, and call refresh(); or move it elsewhere."));
  }

  private List<String> samples() {
    return unreadable.stream().sorted().limit(SAMPLES).toList();
  }
}
