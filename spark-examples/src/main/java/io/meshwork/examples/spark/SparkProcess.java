package io.meshwork.examples.spark;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.meshwork.examples.story.StoryFailedException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A session of Spark in a separate process, which runs statements. Not thread-safe. */
public final class SparkProcess implements AutoCloseable {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final Process process;
  private final BufferedWriter statements;
  private final BufferedReader results;
  private final Path log;

  private SparkProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.statements = process.outputWriter(StandardCharsets.UTF_8);
    this.results = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * The result of a statement. Immutable.
   *
   * @param rows the rows, as JSON objects
   * @param failure code and message; empty if the statement succeeded
   */
  public record Result(List<JsonNode> rows, String failure) {
    public Result {
      rows = List.copyOf(rows);
    }

    /**
     * Returns the rows of a statement that must succeed.
     *
     * @throws StoryFailedException if it failed
     */
    public List<JsonNode> rowsOrThrow() {
      if (!failure.isEmpty()) {
        throw new StoryFailedException("Spark failed: " + failure);
      }
      return rows;
    }
  }

  /**
   * Starts a session, without waiting until it runs.
   *
   * @param log a file for what it prints as errors
   */
  public static SparkProcess start(SparkLaunch launch, Path log) throws IOException {
    return start(launch.process(), log);
  }

  /**
   * Starts a program that runs {@link SparkStatements}.
   *
   * @param log a file for what it prints as errors
   */
  public static SparkProcess start(ProcessBuilder program, Path log) throws IOException {
    return new SparkProcess(program.redirectError(log.toFile()).start(), log);
  }

  /** Runs a one-line statement. */
  public Result sql(String statement) {
    try {
      statements.write(statement);
      statements.newLine();
      statements.flush();
      return read();
    } catch (IOException e) {
      throw new UncheckedIOException(logStart(), e);
    }
  }

  /** Returns the processes that it started, which run tasks. */
  public Stream<ProcessHandle> executors() {
    return process.descendants();
  }

  /** Ends it as the kernel does when memory runs out, and what it started, which runs tasks. */
  public void kill() {
    Stream.concat(executors(), Stream.of(process.toHandle()))
        .toList()
        .forEach(ProcessHandle::destroyForcibly);
    process.onExit().join();
  }

  @Override
  public void close() throws IOException {
    statements.close();
    try {
      if (!process.waitFor(1, TimeUnit.MINUTES)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private Result read() throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    for (String line = results.readLine(); line != null; line = results.readLine()) {
      if (line.startsWith(SparkStatements.DONE)) {
        return new Result(rows, "");
      }
      if (line.startsWith(SparkStatements.FAILED)) {
        return new Result(rows, line.substring(SparkStatements.FAILED.length()));
      }
      if (line.startsWith(SparkStatements.ROW)) {
        rows.add(JSON.readTree(line.substring(SparkStatements.ROW.length())));
      }
    }
    throw new IOException(logStart());
  }

  private String logStart() {
    try (Stream<String> lines = Files.lines(log)) {
      return "Spark terminated; the first lines of its log are\n"
          + String.join("\n", lines.limit(60).toList());
    } catch (IOException e) {
      return "Spark terminated, and its log " + log + " cannot be read";
    }
  }
}
