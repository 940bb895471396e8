package io.meshwork.cli.internal.file;

import io.meshwork.cli.internal.shell.StandardInput;
import io.meshwork.cli.internal.shell.UsageException;
import java.io.InputStream;

/**
 * A filter of an option, or {@code @FILE} with the file that has it, {@code @-} for standard input:
 * arguments can lose characters before the program sees them, and others can list them.
 *
 * @param text the filter
 * @param fromStandardInput true if nothing else can be read there
 */
public record FilterText(String text, boolean fromStandardInput) {
  /**
   * Reads the filter of an option.
   *
   * @param in standard input
   * @throws UsageException if a file cannot be read, or has no filter
   */
  public static FilterText of(String argument, InputStream in) {
    if (!argument.startsWith("@")) {
      return new FilterText(argument, false);
    }
    String name = argument.substring(1);
    String text = InputFile.text(name, in).strip();
    if (text.isEmpty()) {
      throw new UsageException(StandardInput.described(name) + " has no filter.");
    }
    return new FilterText(text, StandardInput.isNamed(name));
  }
}
