package io.meshwork.cli.internal.shell;

import org.jspecify.annotations.Nullable;

/** The option {@code --because} of verbs that need a reason with some of their options only. */
public final class ReasonOption {
  private ReasonOption() {}

  /**
   * Checks that there is a reason if, and only if, it is for something.
   *
   * @param option what needs the reason, such as {@code --force}
   * @param used whether the option is given
   * @throws UsageException saying what to add
   */
  public static void require(String option, boolean used, @Nullable String because) {
    if (used && because == null) {
      throw new UsageException("Why? Add --because 'REASON': " + option + " needs one.");
    } else if (!used && because != null) {
      throw new UsageException(
          "--because is the reason of " + option + ": add that, or leave out --because.");
    }
  }
}
