package io.meshwork.examples.story;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A story that ran in a process of its own.
 *
 * @param code its exit code
 * @param out what it printed
 * @param err what it printed as errors
 */
public record StoryRun(int code, String out, String err) {
  /** Runs a story in the folder {@code mesh} below another one. */
  public static StoryRun of(Class<?> story, Path folder) throws IOException, InterruptedException {
    Path out = folder.resolve("out.txt");
    Path err = folder.resolve("err.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                story.getName(),
                folder.resolve("mesh").toString())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    int code = process.waitFor();
    return new StoryRun(code, Files.readString(out), Files.readString(err));
  }

  /** The words of its steps, in order. */
  public List<String> words() {
    return out.lines()
        .filter(line -> line.startsWith("STEP "))
        .map(line -> line.substring("STEP ".length(), line.indexOf(':')))
        .toList();
  }

  /** The result, which is the last line. */
  public JsonNode result() throws IOException {
    List<String> lines = out.lines().toList();
    String last = lines.get(lines.size() - 1);
    if (!last.startsWith("RESULT ")) {
      throw new AssertionError("the last line is not a result: " + last);
    }
    return new ObjectMapper().readTree(last.substring("RESULT ".length()));
  }
}
