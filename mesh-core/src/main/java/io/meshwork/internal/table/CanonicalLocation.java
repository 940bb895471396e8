package io.meshwork.internal.table;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * How a file's location is spelled. A commit takes only the canonical spelling, of which each file
 * has one. Whoever deletes compares {@link #comparable}, in which all spellings of a file are one:
 * there, two files may be taken for one, and then too little is deleted and never too much.
 */
public final class CanonicalLocation {
  private static final char HIDDEN = '.';
  private static final String UNFINISHED = ".tmp";

  /** What URL encoding leaves as it is, besides letters and digits. */
  private static final String PLAIN = ".-*_";

  /** So often may a location be encoded in itself. */
  private static final int MOST_DECODINGS = 4;

  private CanonicalLocation() {}

  /**
   * True if a location is the one spelling of a file below a folder: it begins with the folder's
   * own spelling, and each further step is a plain name. A percent sign is plain where URL encoding
   * needs it, as in the folders of partitions.
   *
   * @param folder without a slash at its end
   */
  public static boolean isBelow(String folder, String location) {
    if (!location.startsWith(folder + "/")) {
      return false;
    }
    String[] steps = location.substring(folder.length() + 1).split("/", -1);
    for (String step : steps) {
      if (!isPlain(step)) {
        return false;
      }
    }
    return !isUnfinished(location);
  }

  /**
   * True if a location leads to a file below a folder, however both are spelled.
   *
   * @param folder without a slash at its end
   */
  public static boolean leadsBelow(String folder, String location) {
    return comparable(location).startsWith(comparable(folder) + "/");
  }

  /** The same text for all spellings of one file, as far as the text alone tells. */
  public static String comparable(String location) {
    String path = withoutScheme(location);
    for (int times = 0; times < MOST_DECODINGS && path.indexOf('%') >= 0; times++) {
      path = decoded(path);
    }
    Deque<String> steps = new ArrayDeque<>();
    for (String step : path.replace('\\', '/').split("/", -1)) {
      if (step.equals("..")) {
        steps.pollLast();
      } else if (!step.isEmpty() && !step.equals(".")) {
        steps.addLast(step);
      }
    }
    String folded = Normalizer.normalize(String.join("/", steps), Normalizer.Form.NFKC);
    return "/" + folded.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }

  /** The last step of a location that {@link #comparable} gave. */
  public static String name(String comparable) {
    return comparable.substring(comparable.lastIndexOf('/') + 1);
  }

  /** True if a file has the name that files have while they are written. */
  public static boolean isUnfinished(String location) {
    String name = location.substring(location.lastIndexOf('/') + 1);
    return name.length() > UNFINISHED.length()
        && name.charAt(0) == HIDDEN
        && name.endsWith(UNFINISHED);
  }

  private static boolean isPlain(String step) {
    if (step.isEmpty()
        || step.equals(".")
        || step.equals("..")
        || !Normalizer.isNormalized(step, Normalizer.Form.NFC)) {
      return false;
    }
    for (int i = 0; i < step.length(); i++) {
      char each = step.charAt(i);
      if (each == '\\' || Character.isISOControl(each)) {
        return false;
      }
      if (each == '%' && !isNeededEncoding(step, i)) {
        return false;
      }
    }
    return true;
  }

  /** True if two upper case digits follow, and mean what cannot be written plainly. */
  private static boolean isNeededEncoding(String step, int percent) {
    int value = octet(step, percent);
    boolean upperCase =
        value >= 0
            && step.substring(percent, percent + 3)
                .equals(String.format(Locale.ROOT, "%%%02X", value));
    boolean letter = value < 0x80 && Character.isLetterOrDigit((char) value);
    return upperCase && !letter && PLAIN.indexOf(value) < 0;
  }

  /** What a percent sign and two digits stand for; -1 if digits do not follow. */
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
