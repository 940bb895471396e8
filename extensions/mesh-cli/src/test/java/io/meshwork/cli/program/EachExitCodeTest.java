package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.cli.ExitCode;
import io.meshwork.cli.program.MeshProcess.Ran;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each verb with each of its exit codes, as {@code exit-codes.txt} lists them. A build runs an
 * eighth of the lines in this process, and one in 32 by a process, by its seed; at night all run by
 * a process. {@code -Dmesh.tests.seed=17} chooses the sample.
 */
class EachExitCodeTest {
  private static final int ONE_OF_HERE = 8;
  private static final int ONE_OF = 32;
  private static final int SEED = Integer.getInteger("mesh.tests.seed", 0);
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  @TempDir private static Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit fills it before the first test
  private static VerbShop shop;

  private static final List<Line> LINES = lines();

  /** A line of the file. */
  private record Line(int number, String verb, int code, String mesh, String who, String rest) {
    @Override
    public String toString() {
      return "line " + number + ": " + verb + " " + rest + " as " + who + " on " + mesh;
    }

    List<String> command(Path place) {
      List<String> command = new ArrayList<>(List.of(verb.split(" ")));
      Matcher words = WORD.matcher(rest);
      while (words.find()) {
        String word = words.group(1) == null ? words.group(2) : words.group(1);
        command.add(shop.filled(word, place));
      }
      if (!who.equals("-")) {
        command.addAll(List.of("--as", who));
      }
      if (mesh.equals("broken")) {
        command.addAll(List.of("--mesh", "broken:x"));
      }
      return command;
    }
  }

  @BeforeAll
  static void makeTheShop() throws IOException {
    shop = VerbShop.in(folder.resolve("template"));
  }

  private static List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    try (var in =
        Objects.requireNonNull(EachExitCodeTest.class.getResourceAsStream("exit-codes.txt"))) {
      int number = 0;
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
        number++;
        if (!line.isBlank() && !line.startsWith("#")) {
          String[] parts = line.split("\\|", 5);
          lines.add(
              new Line(
                  number,
                  parts[0].strip(),
                  Integer.parseInt(parts[1].strip()),
                  parts[2].strip(),
                  parts[3].strip(),
                  parts[4].strip()));
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return lines;
  }

  /** Returns the codes that the file has for each verb. */
  static Map<String, Set<Integer>> codes() {
    return LINES.stream()
        .collect(
            Collectors.groupingBy(Line::verb, Collectors.mapping(Line::code, Collectors.toSet())));
  }

  @Test
  void theFileHasEachVerbWithDoneUnexpectedAndWrongAndEachCode() {
    Set<String> expected = new TreeSet<>();
    for (String verb : EachVerbTest.verbs()) {
      // A server that was started runs until it is interrupted: EachVerbTest starts it. The others
      // need AWS, as in AwsAddressTest, or several catalogs, as in CatalogAndNoticeVerbsTest.
      Stream.of(0, 1, 2)
          .filter(
              code ->
                  code != 0
                      || !Set.of(
                              "serve",
                              "portal serve",
                              "move",
                              "restore",
                              "mirror",
                              "onboard-account",
                              "catalog add",
                              "domain admit")
                          .contains(verb))
          .forEach(code -> expected.add(verb + " " + code));
    }
    assertThat(LINES).extracting(line -> line.verb + " " + line.code).containsAll(expected);
    assertThat(LINES)
        .extracting(Line::code)
        .contains(
            ExitCode.CONTRACT_VIOLATED,
            ExitCode.CONFLICT,
            ExitCode.NOT_FRESH,
            ExitCode.DENIED,
            ExitCode.FINDINGS,
            ExitCode.NOT_CHECKED,
            ExitCode.NOTHING_NEW);
    assertThat(LINES).extracting(line -> line.verb + " " + line.code).doesNotHaveDuplicates();
  }

  private static List<Line> sample(int oneOf) {
    return LINES.stream().filter(line -> Math.floorMod(line.number + SEED, oneOf) == 0).toList();
  }

  @Test
  void aSampleHasItsCodesInThisProcess() throws Exception {
    List<String> wrong = new ArrayList<>();
    for (Line line : sample(ONE_OF_HERE)) {
      Path place = shop.copy(folder.resolve("here-" + line.number), line.mesh);
      TestShell shell = new TestShell(place);
      shell.variables.put("MESH_URL", "file:" + place.resolve("mesh"));
      String[] command = line.command(place).toArray(String[]::new);
      int code = line.mesh.equals("full") ? shell.runWithoutOutput(command) : shell.run(command);
      if (code != line.code) {
        wrong.add(line + " exited with " + code + ", not " + line.code + ": " + shell.err());
      }
      check(line, code, shell.out(), shell.err(), wrong);
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void aSampleHasItsCodesByProcesses() throws Exception {
    runByProcesses("sample-", sample(ONE_OF));
  }

  @Test
  @Tag("nightly")
  void eachLineHasItsCodeByAProcess() throws Exception {
    runByProcesses("process-", LINES);
  }

  private static void runByProcesses(String folders, List<Line> lines) throws Exception {
    List<String> wrong = new ArrayList<>();
    for (Line line : lines) {
      Path place = shop.copy(folder.resolve(folders + line.number), line.mesh);
      Ran ran = run(line, place);
      if (ran.code() != line.code) {
        wrong.add(line + " exited with " + ran.code() + ", not " + line.code + ": " + ran.err());
      }
      check(line, ran.code(), ran.out(), ran.err(), wrong);
    }
    assertThat(lines).isNotEmpty();
    assertThat(wrong).isEmpty();
  }

  private static Ran run(Line line, Path place) throws Exception {
    MeshProcess processes = new MeshProcess(place);
    if (!line.mesh.equals("full")) {
      return processes.run(line.command(place));
    }
    Path err = place.resolve("full.err");
    int code = processes.start(line.command(place), new File("/dev/full").toPath(), err).waitFor();
    return new Ran(code, "", Files.readString(err));
  }

  /**
   * A failure says why, and that of a change is one line of JSON with the code. A comparison has
   * not failed if consumers cannot read a contract: that is its answer.
   */
  private static void check(Line line, int code, String out, String err, List<String> wrong)
      throws IOException {
    boolean verdict = code == ExitCode.CONTRACT_VIOLATED && !out.isBlank();
    if (Set.of(1, 2, 10, 11, 13).contains(code) && err.isBlank() && !verdict) {
      wrong.add(line + " printed nothing on standard error");
    }
    if (out.startsWith("{\"format\":1") && code != 0) {
      int stated = TestShell.JSON.readTree(out).path("exitCode").asInt(code);
      if (stated != code) {
        wrong.add(line + " exited with " + code + " and stated " + stated);
      }
    }
  }
}
