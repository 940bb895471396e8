package io.meshwork.cli.program;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.cli.internal.shell.CommandShell;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs commands in this process, with an environment that starts empty. */
final class TestShell {
  static final ObjectMapper JSON = new ObjectMapper();

  /** Rules have columns as arguments, and calls none, or two points. */
  private static final Pattern CALL = Pattern.compile("\\w+\\((?:|\\.\\.|\"[^\"]*\".*|reason)\\)");

  /** Fields of documents whose text may be Java or a script. */
  private static final Set<String> WITH_CODE = Set.of("contract", "script");

  final Map<String, String> variables = new HashMap<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private boolean terminal;
  private InstantSource clock = InstantSource.system();

  TestShell(Path folder) {
    variables.put("XDG_CONFIG_HOME", folder.resolve("settings").toString());
    variables.put("MESH_XCOM", folder.resolve("xcom").toString());
  }

  TestShell onTerminal() {
    terminal = true;
    return this;
  }

  TestShell at(InstantSource time) {
    clock = time;
    return this;
  }

  /** Runs a command, and returns its exit code. */
  int run(String... arguments) {
    return runInto(out, arguments);
  }

  /** Runs a command whose standard output takes nothing, as if the disk was full. */
  int runWithoutOutput(String... arguments) {
    return runInto(
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        },
        arguments);
  }

  private int runInto(OutputStream answers, String... arguments) {
    out.reset();
    err.reset();
    int code =
        MeshProgram.run(
            new CommandShell(
                InputStream.nullInputStream(),
                new PrintStream(answers, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.copyOf(variables),
                terminal,
                terminal,
                clock),
            arguments);
    requireNoCall(err());
    for (String line : out().lines().toList()) {
      if (line.startsWith("{")) {
        requireNoCallIn(line);
      }
    }
    return code;
  }

  private static void requireNoCallIn(String document) {
    try {
      requireNoCallIn(JSON.readTree(document));
    } catch (IOException e) {
      throw new UncheckedIOException(document, e);
    }
  }

  /** All other texts of a document are for a terminal. */
  private static void requireNoCallIn(JsonNode node) {
    if (node.isTextual()) {
      requireNoCall(node.asText());
    }
    node.properties().stream()
        .filter(field -> !WITH_CODE.contains(field.getKey()))
        .forEach(field -> requireNoCallIn(field.getValue()));
    if (node.isArray()) {
      node.forEach(TestShell::requireNoCallIn);
    }
  }

  /** Fails if a message names a call of Java, which is of no use in a terminal. */
  static void requireNoCall(String message) {
    Matcher call = CALL.matcher(message);
    if (call.find()) {
      throw new AssertionError("the call " + call.group() + " in: " + message);
    }
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /** Returns the one JSON document of standard output. */
  JsonNode json() {
    List<String> lines = out().lines().toList();
    if (lines.size() != 1) {
      throw new AssertionError("not one line: " + out() + err());
    }
    try {
      return JSON.readTree(lines.get(0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
