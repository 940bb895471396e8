package io.meshwork.walk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The program of public calls that a failed walk leaves. */
final class RolloutProgram {
  private RolloutProgram() {}

  /** Writes the program of a failure to a temporary folder, and returns its file. */
  static Path write(RolloutWalk.Failure failure) throws IOException {
    Path folder = Files.createTempDirectory("rollout-walk");
    String name = "Rollout" + Long.toUnsignedString(failure.seed());
    return Files.writeString(folder.resolve(name + ".java"), text(name, failure));
  }

  private static String text(String name, RolloutWalk.Failure failure) throws IOException {
    List<String> lines = failure.program();
    String forms =
        lines.stream()
            .filter(line -> line.startsWith("static "))
            .map(line -> "  " + line)
            .distinct()
            .collect(Collectors.joining("\n"));
    String calls =
        lines.stream()
            .filter(line -> !line.startsWith("static "))
            .map(line -> "    " + line)
            .collect(Collectors.joining("\n"));
    String show = failure.broken().show().isEmpty() ? "" : "\n    " + failure.broken().show();
    return template()
        .replace("RolloutProgram", name)
        .replace("  // FORMS\n", forms + "\n")
        .replace("    // CALLS\n", calls + show + "\n")
        .replace("// SENTENCE", "// " + failure);
  }

  private static String template() throws IOException {
    try (InputStream text = RolloutProgram.class.getResourceAsStream("RolloutProgram.txt")) {
      if (text == null) {
        throw new IllegalStateException("RolloutProgram.txt is not on the class path");
      }
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
