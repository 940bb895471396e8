package io.meshwork.internal.table;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * The canonical spelling of a file's location. Commits accept only canonical locations, so that
 * each file has one. Code that deletes files compares {@link #comparable}, which is equal for all
 * spellings of a file. Two files may also be equal; then too few files are deleted, never too many.
 */
public final class CanonicalLocation {
  private static final char HIDDEN = '.';
  private static final String UNFINISHED = ".tmp";

  /** The characters that URL encoding does not change, besides letters and digits. */
  private static final String PLAIN = ".-*_";

  /** Those that {@link DataLocations} encodes in the value of a partition, besides letters. */
  private static final String OF_VALUES = ".*";

  /** How many nested encodings of a location are decoded. */
  private static final int MAX_DECODINGS = 4;

  private CanonicalLocation() {}

  /**
   * True if a location is the canonical spelling of a file below a folder: it begins with the
   * folder's location, and each further segment is a plain name. A percent sign is allowed before a
   * character that the folders of partitions encode.
   *
   * @param folder without a trailing slash
   */
  public static boolean isBelow(String folder, String location) {
    if (!location.startsWith(folder + "/")) {
      return false;
    }
    String[] segments = location.substring(folder.length() + 1).split("/", -1);
    for (String segment : segments) {
      if (!isPlain(segment)) {
        return false;
      }
    }
    return !isUnfinished(location);
  }

  /** True for the location of a folder with plain names below its scheme. */
  static boolean isRoot(String location) {
    String path = withoutScheme(location);
    String names = path.replaceFirst("^/{1,3}", "");
    if (names.length() == path.length()
        || !Normalizer.isNormalized(location, Normalizer.Form.NFC)) {
      return false;
    }
    for (String segment : names.split("/", -1)) {
      if (!isPlain(segment) || segment.indexOf('%') >= 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * True if a location leads to a file below a folder, in any spelling of both.
   *
   * @param folder without a trailing slash
   */
  public static boolean leadsBelow(String folder, String location) {
    return comparable(location).startsWith(comparable(folder) + "/");
  }

  /** A text that is equal for all spellings of one file; links are not resolved. */
  public static String comparable(String location) {
    String path = withoutScheme(location);
    for (int times = 0; times < MAX_DECODINGS && path.indexOf('%') >= 0; times++) {
      path = decoded(path);
    }
    Deque<String> segments = new ArrayDeque<>();
    for (String segment : path.replace('\\', '/').split("/", -1)) {
      if (segment.equals("..")) {
        segments.pollLast();
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        segments.addLast(segment);
      }
    }
    String folded = Normalizer.normalize(String.join("/", segments), Normalizer.Form.NFKC);
    return "/" + folded.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }

  /** The last segment of a result of {@link #comparable}. */
  public static String name(String comparable) {
    return comparable.substring(comparable.lastIndexOf('/') + 1);
  }

  /** True if a file has the name of an unfinished file. */
  public static boolean isUnfinished(String location) {
    String name = location.substring(location.lastIndexOf('/') + 1);
    return name.length() > UNFINISHED.length()
        && name.charAt(0) == HIDDEN
        && name.endsWith(UNFINISHED);
  }

  private static boolean isPlain(String segment) {
    if (segment.isEmpty()
        || segment.equals(".")
        || segment.equals("..")
        || !Normalizer.isNormalized(segment, Normalizer.Form.NFC)) {
      return false;
    }
    for (int i = 0; i < segment.length(); i++) {
      char character = segment.charAt(i);
      if (character == '\\' || Character.isISOControl(character)) {
        return false;
      }
      if (character == '%' && !isEncoding(segment, i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * True if two upper-case hex digits follow, of a character that must be encoded, or that the
   * value of a partition can have encoded.
   */
  private static boolean isEncoding(String segment, int percent) {
    int value = octet(segment, percent);
    if (value < 0 || !segment.startsWith(String.format(Locale.ROOT, "%%%02X", value), percent)) {
      return false;
    }
    boolean letter = value < 0x80 && Character.isLetter((char) value);
    boolean digit = value < 0x80 && Character.isDigit((char) value);
    boolean inValue = segment.lastIndexOf('=', percent) >= 0;
    boolean plain = letter || digit || PLAIN.indexOf(value) >= 0;
    return !plain || (inValue && (letter || OF_VALUES.indexOf(value) >= 0));
  }

  /** The value of the two hex digits after a percent sign; -1 if there are none. */
  private static int octet(String text, int percent) {
    if (percent + 2 >= text.length()) {
      return -1;
    }
    int high = Character.digit(text.charAt(percent + 1), 16);
    int low = Character.digit(text.charAt(percent + 2), 16);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }

  private static String decoded(String path) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(path.length());
    int from = 0;
    for (int i = 0; i < path.length(); i++) {
      int value = path.charAt(i) == '%' ? octet(path, i) : -1;
      if (value >= 0) {
        bytes.writeBytes(path.substring(from, i).getBytes(StandardCharsets.UTF_8));
        bytes.write(value);
        from = i + 3;
        i += 2;
      }
    }
    bytes.writeBytes(path.substring(from).getBytes(StandardCharsets.UTF_8));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static String withoutScheme(String location) {
    int colon = location.indexOf(':');
    int slash = location.indexOf('/');
    return colon > 1 && (slash < 0 || colon < slash) ? location.substring(colon + 1) : location;
  }
}
