package io.meshwork.internal.files;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Paths from text: the one place where a string that names no file here is refused. That depends on
 * the system, and without a UTF-8 locale on the characters. Stateless.
 */
final class PathText {
  private static final String SCHEME = "file:";
  private static final char NOT_UTF8 = '\uFFFD';
  private static final Pattern SLASH_BEFORE_DRIVE = Pattern.compile("/+[A-Za-z]:.*");

  /** A folder that Windows finds below the current folder of the drive. */
  private static final Pattern RELATIVE_TO_DRIVE = Pattern.compile("[A-Za-z]:(?![\\\\/]).*");

  private static final boolean HAS_DRIVES = FileSystems.getDefault().getSeparator().equals("\\");

  private PathText() {}

  /**
   * Returns the path of a location of a table, with or without {@code file:}. Nothing is decoded:
   * Iceberg and Hive write names unchanged, such as {@code file:/x/city=%62ern/a.parquet} for a
   * folder whose name has the percent sign.
   *
   * @throws InvalidRequestException if it cannot be a path here
   */
  static Path of(String location) {
    try {
      return Path.of(withoutScheme(location, HAS_DRIVES));
    } catch (InvalidPathException e) {
      throw refused("the location '" + location + "' as a local file", e);
    }
  }

  /**
   * Returns the path that a user names: a path, or a URI such as {@code Path.toUri()} writes. In a
   * path, a percent sign is one. A URI that begins with {@code file:/} may encode characters, and
   * means the file whose name it encodes; but if a file has the very name with the percent signs,
   * as users take from the locations of tables, it means that file. This is the one place that
   * decides it.
   *
   * @throws InvalidRequestException if it cannot be a path here, or depends on the current folder
   *     of a drive
   */
  static Path named(String text) {
    requireNotRelativeToDrive(text, HAS_DRIVES);
    Path literal = of(text);
    if (!text.startsWith(SCHEME + "/") || text.indexOf('%') < 0 || Files.exists(literal)) {
      return literal;
    }
    try {
      String decoded = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
      return decoded.indexOf(NOT_UTF8) >= 0 ? literal : of(decoded);
    } catch (IllegalArgumentException e) {
      return literal; // not every percent sign begins an encoded byte
    }
  }

  /** True for the text of an absolute path of this system. */
  static boolean isAbsolute(String text) {
    try {
      return Path.of(text).isAbsolute();
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /**
   * Returns the path below a folder. The error names the folder, because what is below it may have
   * values of columns.
   *
   * @throws InvalidRequestException if it cannot be a path here
   */
  static Path below(Path folder, String path) {
    try {
      return folder.resolve(path);
    } catch (InvalidPathException e) {
      throw refused("a file in '" + folder + "'", e);
    }
  }

  /** Returns the path in a string on a system with drives, as Windows has, or on one without. */
  static String withoutScheme(String location, boolean hasDrives) {
    if (!location.startsWith(SCHEME)) {
      return location;
    }
    String text = location.substring(SCHEME.length());
    boolean isShare = hasDrives && text.startsWith("//") && !text.startsWith("///");
    String path = text.startsWith("//") && !isShare ? text.substring(2) : text;
    return hasDrives && SLASH_BEFORE_DRIVE.matcher(path).matches()
        ? path.replaceFirst("^/+", "")
        : path;
  }

  /** Each drive of Windows has a current folder, which a user does not see. */
  static void requireNotRelativeToDrive(String text, boolean hasDrives) {
    String path = withoutScheme(text, hasDrives);
    if (hasDrives && RELATIVE_TO_DRIVE.matcher(path).matches()) {
      throw Failure.of(MeshAction.of(Verb.USE, "the path '" + text + "'"))
          .because("it depends on the current folder of the drive " + path.substring(0, 2))
          .state("The file was not accessed, and nothing was changed.")
          .fix("Write a backslash after the colon, such as C:\\data\\mesh.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
  }

  private static InvalidRequestException refused(String file, InvalidPathException cause) {
    String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
    boolean isUtf8 = encoding.equalsIgnoreCase("UTF-8");
    return Failure.of(MeshAction.of(Verb.USE, file))
        .because(
            "its name cannot be used on this system: "
                + cause.getReason()
                + (isUtf8 ? "" : "; names are encoded as " + encoding))
        .state("The file was not accessed, and nothing was changed.")
        .fix(
            isUtf8
                ? "Use the mesh on the system on which the file was written, or write the file"
                    + " under another name."
                : "Set a UTF-8 locale, such as LC_ALL=C.UTF-8, and start the process again.")
        .invalidRequest(ErrorCode.UNSAFE_PATH);
  }
}
