package io.meshwork.internal.conformance.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meshwork.Mesh;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.process.names.MachineScenario;
import io.meshwork.internal.conformance.process.names.SimulatedFileSystemProvider;
import io.meshwork.local.LocalMesh;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;
import org.sqlite.util.OSInfo;

/**
 * A scenario prints the same lines with other names of files, on another JDK, in another locale and
 * environment, and in a container that permits little.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OtherMachinesTest {
  private static final List<String> LINES =
      List.of(
          "rows 24, []",
          "left 22, []",
          "files 400",
          "backup []",
          "lake 400",
          "again 22, []",
          "again 22, []",
          "done 2026-04-07T00:30:00Z");

  @TempDir private Path folder;

  private final List<String> options = new ArrayList<>();
  private Map<String, String> variables = Map.of("LC_ALL", "C.UTF-8");
  private Path java = Path.of(System.getProperty("java.home"), "bin", "java");

  @BeforeEach
  void writeLake() throws Exception {
    writeLake(folder.resolve("lake"));
  }

  private static void writeLake(Path lake) throws Exception {
    Files.createDirectories(lake);
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement()) {
      for (String codec : List.of("snappy", "lz4_raw", "zstd", "gzip")) {
        statement.execute(
            "COPY (SELECT i AS id, 'a text of ' || i % 7 AS word FROM range(100) t(i)) TO '"
                + lake.resolve(codec + ".parquet")
                + "' (FORMAT parquet, COMPRESSION "
                + codec
                + ")");
      }
    }
  }

  /** Runs the scenario in a child process, and returns what it printed to both outputs. */
  private List<String> run(List<String> prefix, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of(java.toString(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("--enable-native-access=ALL-UNNAMED"); // as README asks for from JDK 24 on
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(MachineScenario.class.getName());
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(variables);
    Path out = folder.resolve("out.txt");
    Process child = builder.redirectErrorStream(true).redirectOutput(out.toFile()).start();
    child.waitFor();
    return Files.readAllLines(out, StandardCharsets.UTF_8).stream()
        .filter(line -> !line.startsWith("SLF4J"))
        .toList();
  }

  private List<String> run() throws Exception {
    return run(
        List.of(), folder.resolve("m").toString(), folder.resolve("lake").toString(), "plain");
  }

  private void withNames(String names) throws IOException {
    Path library = Files.createDirectories(folder.resolve("library"));
    String resource =
        "/org/sqlite/native/"
            + (OSInfo.isMusl() ? "Linux-Musl/" : "Linux/")
            + OSInfo.getArchName()
            + "/"
            + LibraryLoaderUtil.getNativeLibName();
    try (InputStream packed = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
      Files.copy(packed, library.resolve(LibraryLoaderUtil.getNativeLibName()));
    }
    options.add(
        "-Djava.nio.file.spi.DefaultFileSystemProvider="
            + SimulatedFileSystemProvider.class.getName());
    options.add("-Dmesh.names=" + names);
    options.add("-Dorg.sqlite.lib.path=" + library);
  }

  @Test
  void onADiskWithTheNamesOfWindows() throws Exception {
    Path base = Files.createDirectories(folder.resolve("drives"));
    Files.createDirectories(base.resolve("C/work"));
    writeLake(base.resolve("C/lake"));
    withNames("windows");
    options.add("-Dmesh.names.base=" + base);

    List<String> lines = run(List.of(), "C:\\work\\m", "C:\\lake");

    // Neither files that are published nor a copy of SQLite's file are found by such paths.
    assertThat(lines)
        .containsExactlyElementsOf(
            Stream.of(LINES.subList(0, 2), LINES.subList(3, 6), LINES.subList(7, 8))
                .flatMap(List::stream)
                .toList());
    try (Stream<Path> files = Files.walk(base)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.matches(".*[<>:\"|?*].*|.*[. ]"));
    }
  }

  @Test
  void onADiskThatFoldsCasesAndOnAnotherDiskAfterACopy() throws Exception {
    withNames("folding");
    assertThat(run()).containsExactlyElementsOf(LINES);
    try (Stream<Path> files = Files.walk(folder.resolve("m/mesh"))) {
      List<String> names = files.map(file -> file.toString().toLowerCase(Locale.ROOT)).toList();
      assertThat(names).doesNotHaveDuplicates();
    }
  }

  @Test
  void aFolderWhoseNameDiffersInCaseIsFoundBeforeACopyCannotBeRead() throws Exception {
    Path mesh = folder.resolve("m/mesh");
    MachineScenario.publishIn(mesh, List.of("con", "Bern"));
    Path named;
    try (Stream<Path> files = Files.walk(mesh)) {
      named = files.filter(file -> file.endsWith("city=%63on")).findFirst().orElseThrow();
    }
    Files.move(named, named.resolveSibling("city=%63ON"));

    withNames("folding");
    assertThat(run(List.of(), folder.resolve("m").toString(), "", "examined"))
        .containsExactly("rows 2, [FILE_NAME_DIFFERS]", "backup [FILE_NAME_DIFFERS]", "again 2");
    try (Mesh onLinux = LocalMesh.builder(mesh).open()) {
      assertThat(onLinux.doctor().problems())
          .anySatisfy(
              finding -> {
                assertThat(finding.code()).isEqualTo(FindingCode.FILE_MISSING);
                assertThat(finding.what()).contains("seems to be at").contains("/city=%63ON/");
              });
    }
  }

  @Test
  void onANewerJdkThatDeniesNativeAccessAndUnsafe() throws Exception {
    Optional<Path> newer = newerJdk();
    assumeTrue(newer.isPresent(), "No JDK 24 or later is in the folder of this JDK");
    java = newer.orElseThrow();
    options.add("--illegal-native-access=deny");
    options.add("--sun-misc-unsafe-memory-access=deny");

    assertThat(run()).containsExactlyElementsOf(LINES);
  }

  /** A JDK of version 24 or later beside this one. */
  private static Optional<Path> newerJdk() throws IOException {
    Path jdks = Path.of(System.getProperty("java.home")).toRealPath().getParent();
    try (Stream<Path> all = Files.list(jdks)) {
      return all.filter(OtherMachinesTest::isNewer)
          .map(jdk -> jdk.resolve("bin/java"))
          .filter(Files::isExecutable)
          .findFirst();
    }
  }

  private static boolean isNewer(Path jdk) {
    try {
      String release = Files.readString(jdk.resolve("release"));
      return release.lines().anyMatch(line -> line.matches("JAVA_VERSION=\"(2[4-9]|[3-9]\\d).*"));
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void withNativeDigitsInAZoneWithSummerTimeAndAnEmptyEnvironment() throws Exception {
    variables = Map.of();
    options.add("-Duser.language=ar");
    options.add("-Duser.country=EG");
    options.add("-Duser.timezone=Europe/Berlin");

    assertThat(run()).containsExactlyElementsOf(LINES);
  }

  @Test
  void withoutAUtf8Locale() throws Exception {
    variables = Map.of("LC_ALL", "C");
    assertThat(run()).containsExactlyElementsOf(LINES);
  }

  @Test
  void inAContainerWithAReadOnlyRootANoexecTemporaryFolderAndAnUnknownUser() throws Exception {
    Path script =
        Files.writeString(
            folder.resolve("contain.sh"),
            """
            set -e
            mount --bind "$1" "$1"
            mkdir -p "$1/tmp"
            mount -t tmpfs -o noexec none "$1/tmp"
            mount -o remount,bind,ro /
            shift
            exec "$@"
            """);
    List<String> contained =
        List.of("unshare", "-rm", "bash", script.toString(), folder.toString());
    List<String> trial = new ArrayList<>(contained);
    trial.addAll(List.of("bash", "-c", "! touch /etc/meshwork-trial"));
    assumeTrue(
        new ProcessBuilder(trial).redirectErrorStream(true).start().waitFor() == 0,
        "This system permits no namespace with a read-only root");
    options.add("-Djava.io.tmpdir=" + folder.resolve("tmp"));
    options.add("-Dorg.sqlite.tmpdir=" + Files.createDirectories(folder.resolve("libraries")));
    options.add("-Duser.home=?");
    options.add("-Duser.name=?");

    List<String> lines =
        run(
            contained,
            Files.createDirectories(folder.resolve("volume")).toString(),
            folder.resolve("lake").toString(),
            "plain");

    assertThat(lines).containsExactlyElementsOf(LINES);
  }
}
