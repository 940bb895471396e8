package io.meshwork.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How scripts/moto prepares the emulator, and what the summary of the tests on AWS requires. */
class AwsScriptsTest {
  private static final Path ROOT = SourceTree.root();

  /** A Python that has moto if the file moto is beside it; pip creates that file, or fails. */
  private static final String PYTHON =
      """
      #!/bin/bash
      folder=$(dirname "$0")
      case "$1 $2" in
        "-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
        "-m pip")
          echo "$@" >>"$CALLS"
          if [[ -n ${PIP_FAILS-} ]]; then
            echo "No matching distribution found for moto" >&2
            exit 1
          fi
          touch "$folder/moto" ;;
        *) [[ -e $folder/moto ]] ;;
      esac
      """;

  @SuppressWarnings("NullAway.Init") // JUnit makes it before each test
  @TempDir
  Path folder;

  private record Ran(int code, String out, String err) {}

  @BeforeEach
  void copyScripts() throws IOException {
    for (String name : List.of("moto", "moto.txt", "usage.bash")) {
      Path copy = folder.resolve("scripts").resolve(name);
      Files.createDirectories(copy.getParent());
      Files.copy(ROOT.resolve("scripts").resolve(name), copy);
    }
    Path python = folder.resolve("bin/python3");
    Files.createDirectories(python.getParent());
    Files.writeString(python, PYTHON);
    Files.setPosixFilePermissions(python, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void motoIsInstalledOnceWherePythonLacksIt() throws Exception {
    String python = folder.resolve("target/moto/bin/python") + "\n";

    Ran first = moto(false);
    Ran second = moto(false);

    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out()).isEqualTo(python);
    assertThat(second.out()).isEqualTo(python);
    assertThat(installations()).singleElement().asString().contains("scripts/moto.txt");
  }

  @Test
  void motoIsInstalledAgainIfItsVersionsChange() throws Exception {
    moto(false);
    Files.writeString(folder.resolve("scripts/moto.txt"), "moto==5.2.2\n");

    moto(false);

    assertThat(installations()).hasSize(2);
  }

  @Test
  void nothingIsInstalledWherePythonHasMoto() throws Exception {
    Files.createFile(folder.resolve("bin/moto"));

    Ran ran = moto(false);

    assertThat(ran.out()).isEqualTo(folder.resolve("bin/python3") + "\n");
    assertThat(folder.resolve("target")).doesNotExist();
  }

  @Test
  void anIndexThatPipDoesNotReachIsReported() throws Exception {
    Ran ran = moto(true);

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .contains(
            "No matching distribution found for moto",
            "pip cannot install moto",
            "The tests on AWS are skipped, or fail where the environment variable CI is set.");
    assertThat(folder.resolve("target/moto")).doesNotExist();
  }

  @Test
  void eachVersionOfMotoIsExact() throws Exception {
    List<String> lines =
        Files.readAllLines(ROOT.resolve("scripts/moto.txt")).stream()
            .filter(line -> !line.startsWith("#"))
            .toList();

    assertThat(lines).contains("moto==5.2.1").allMatch(line -> line.matches("[a-z0-9-]+==[^ ]+"));
  }

  @Test
  void theSummaryCountsTheTestsOnAwsInOneLine() throws Exception {
    report("mesh-core", "<testcase classname=\"C\" name=\"other\" time=\"1\"/>");
    report(
        "mesh-aws",
        """
        <testcase classname="io.meshwork.aws.DynamoTest" name="a" time="1"/>
        <testcase classname="io.meshwork.aws.S3Test" name="b" time="1"/>
        <testcase classname="io.meshwork.aws.AwsTest" name="c" time="0">
          <skipped message="Docker does not run here"/></testcase>
        <testcase classname="io.meshwork.aws.AwsTest" name="d" time="0">
          <skipped message="Cannot start the AWS emulator: moto does not run"/></testcase>
        """);

    Ran ran = summary();

    assertThat(ran.code()).as(ran.out()).isZero();
    assertThat(ran.out().lines().filter(line -> line.startsWith("AWS SUITE")))
        .containsExactly("AWS SUITE: 2 run, 2 skipped");
  }

  @Test
  void aTestOnAwsIsNotSkippedWithoutAReason() throws Exception {
    report(
        "mesh-aws",
        """
        <testcase classname="io.meshwork.aws.AwsTest" name="a" time="1"/>
        <testcase classname="io.meshwork.aws.AwsTest" name="later" time="0">
          <skipped message="not now"/></testcase>
        """);

    Ran ran = summary();

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.out()).contains("NOT EXPLAINED", "AwsTest.later", "AWS SUITE: 1 run, 1 skipped");
  }

  private void report(String module, String tests) throws IOException {
    Path reports = folder.resolve(module).resolve("target/surefire-reports");
    Files.createDirectories(reports);
    Files.writeString(folder.resolve(module).resolve("pom.xml"), "<project/>");
    Files.writeString(
        reports.resolve("TEST-a.xml"), "<testsuite name=\"a\">" + tests + "</testsuite>");
  }

  private List<String> installations() throws IOException {
    return Files.readAllLines(folder.resolve("calls.txt"));
  }

  private Ran moto(boolean pipFails) throws IOException, InterruptedException {
    ProcessBuilder script = new ProcessBuilder(folder.resolve("scripts/moto").toString());
    script.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
    script.environment().put("CALLS", folder.resolve("calls.txt").toString());
    if (pipFails) {
      script.environment().put("PIP_FAILS", "true");
    }
    return run(script);
  }

  private Ran summary() throws IOException, InterruptedException {
    return run(
        new ProcessBuilder(
            ROOT.resolve("scripts/java-source").toString(), "TestSummary", folder.toString()));
  }

  private Ran run(ProcessBuilder builder) throws IOException, InterruptedException {
    Path out = folder.resolve("out.txt");
    Path err = folder.resolve("err.txt");
    int code = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start().waitFor();
    return new Ran(code, Files.readString(out), Files.readString(err));
  }
}
