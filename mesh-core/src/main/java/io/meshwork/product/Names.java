package io.meshwork.product;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The grammar of names: {@code [a-z][a-z0-9]*([-_][a-z0-9]+)*}, at most 63 characters, and not a
 * device name of Windows. In keys, folders and tables a name is folded to its <em>storage
 * name</em>, so {@code green-trips} and {@code green_trips} cannot both exist.
 */
public final class Names {
  /** Most characters of a domain's, product's or subscription's name. */
  public static final int MAX_LENGTH = 63;

  private static final Pattern LEGAL = Pattern.compile("[a-z][a-z0-9]*([-_][a-z0-9]+)*");
  private static final Set<String> DEVICES =
      Set.of(
          "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7",
          "com8", "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9");

  private static final String CHOOSE =
      "Choose lower-case letters, digits, and single hyphens or underscores between them, at most "
          + MAX_LENGTH
          + " characters.";

  private Names() {}

  /**
   * Returns the name if it is legal.
   *
   * @param what what is being named, for the message, such as {@code domain}
   * @throws InvalidRequestException if it is null, blank, too long, or breaks the grammar
   */
  public static String check(String what, @Nullable String name) {
    if (name == null || name.isBlank()) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot name a "
              + what
              + ": argument '"
              + what
              + "' is "
              + (name == null ? "null" : "blank")
              + ". Give it a name such as green-trips.");
    }
    if (name.length() > MAX_LENGTH) {
      throw refused(
          what,
          name,
          "it has " + name.length() + " characters and the limit is " + MAX_LENGTH,
          CHOOSE);
    }
    if (!LEGAL.matcher(name).matches()) {
      String lower = name.toLowerCase(Locale.ROOT);
      throw refused(
          what,
          name,
          "it does not match [a-z][a-z0-9]*([-_][a-z0-9]+)*",
          isLegal(lower) ? "Write it in lower case: '" + lower + "'." : CHOOSE);
    }
    if (DEVICES.contains(name)) {
      throw refused(
          what, name, "it is the name of a device on Windows and cannot be a folder", CHOOSE);
    }
    return name;
  }

  /** True if this may be the name of a domain, product or subscription. */
  public static boolean isLegal(String name) {
    return name.length() <= MAX_LENGTH && LEGAL.matcher(name).matches() && !DEVICES.contains(name);
  }

  /** The name in registry keys, folders and tables: hyphens become underscores. */
  public static String storage(String name) {
    return name.replace('-', '_');
  }

  /** A name as a message may show it: control characters replaced, cut at 80 characters. */
  public static String shown(String name) {
    String clean = name.replaceAll("\\p{Cntrl}", "?");
    return clean.length() <= 80 ? clean : clean.substring(0, 77) + "...";
  }

  private static InvalidRequestException refused(
      String what, String name, String why, String mend) {
    return new InvalidRequestException(
        ErrorCode.NAME_INVALID,
        "Cannot use '" + shown(name) + "' as the name of a " + what + ": " + why + ". " + mend);
  }
}
