package io.meshwork.internal.naming;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The grammar of names: {@code [a-z][a-z0-9]*([-_][a-z0-9]+)*}, at most 63 characters, and not a
 * device name of Windows. In keys, folders and tables a name is folded to its <em>storage
 * name</em>, so {@code green-trips} and {@code green_trips} cannot both exist.
 */
public final class NameGrammar {
  /** Most characters of a domain's, product's or subscription's name. */
  public static final int MAX_LENGTH = 63;

  private static final Pattern LEGAL = Pattern.compile("[a-z][a-z0-9]*([-_][a-z0-9]+)*");
  private static final Set<String> DEVICES =
      Set.of(
          "con", "prn", "aux", "nul", "com0", "com1", "com2", "com3", "com4", "com5", "com6",
          "com7", "com8", "com9", "lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7",
          "lpt8", "lpt9");

  private static final String CHOOSE =
      "Choose lower-case letters, digits, and single hyphens or underscores between them, at most "
          + MAX_LENGTH
          + " characters.";

  private NameGrammar() {}

  /**
   * Returns the name if it is legal.
   *
   * @param what what is being named, for the message, such as {@code domain}
   * @throws InvalidRequestException if it is null, blank, too long, or breaks the grammar
   */
  public static String check(String what, @Nullable String name) {
    if (name == null || name.isBlank()) {
      throw Failure.of(MeshAction.of(Verb.NAME, "a " + what))
          .because("argument '" + what + "' is " + (name == null ? "null" : "blank"))
          .fix("Give it a name such as green-trips.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
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

  /**
   * A name as a message may show it: control characters and halves of characters replaced, cut at
   * 80 characters.
   */
  public static String quoted(String name) {
    String clean = name.replaceAll("[\\p{Cntrl}\\p{Cs}]", "?");
    if (clean.length() <= 80) {
      return clean;
    }
    int end = Character.isHighSurrogate(clean.charAt(76)) ? 76 : 77;
    return clean.substring(0, end) + "...";
  }

  private static InvalidRequestException refused(String what, String name, String why, String fix) {
    return Failure.of(MeshAction.of(Verb.USE, "'" + quoted(name) + "' as the name of a " + what))
        .because(why)
        .fix(fix)
        .invalidRequest(ErrorCode.NAME_INVALID);
  }
}
