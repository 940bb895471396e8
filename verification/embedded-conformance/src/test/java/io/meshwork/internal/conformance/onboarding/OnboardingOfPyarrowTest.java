package io.meshwork.internal.conformance.onboarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.FindingCode;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.Onboard.OnboardPlan;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Folders of pyarrow are registered with the values that pyarrow reads, or refused. */
class OnboardingOfPyarrowTest {
  private static final String PYTHON =
      System.getProperty("mesh.pyarrow.dir", "target/pyarrow") + "/bin/python";

  @SuppressWarnings("NullAway.Init") // JUnit fills it before all tests
  @TempDir
  private static Path folder;

  @SuppressWarnings("NullAway.Init") // opened before all tests
  private static Mesh mesh;

  @BeforeAll
  static void writeFolders() throws IOException, InterruptedException {
    requirePyarrow();
    Path lake = Files.createDirectories(folder.resolve("lake"));
    Path script = copied("pyarrow_folders.py");
    Path taxi = copied("green_tripdata_2024-01.parquet");
    Path log = folder.resolve("pyarrow.log");
    Process python =
        new ProcessBuilder(PYTHON, script.toString(), taxi.toString(), lake.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(python.waitFor()).as(Files.readString(log)).isZero();
    mesh = LocalMesh.builder(folder.resolve("mesh"), Map.of("lake", lake)).open();
    shop().registerDomain("shop").owner("shop@example.org").commit();
  }

  /** Skips the tests and says why; on a CI server, where a skip goes unnoticed, fails them. */
  private static void requirePyarrow() {
    if (!Files.isExecutable(Path.of(PYTHON))) {
      String missing = "pyarrow is missing: " + PYTHON + " does not exist. Run scripts/pyarrow.";
      String ci = System.getenv("CI");
      assertThat(ci == null || ci.isEmpty() || ci.equals("false")).as(missing).isTrue();
      System.err.println("SKIPPED " + OnboardingOfPyarrowTest.class.getName() + ": " + missing);
      abort(missing);
    }
  }

  private static Path copied(String resource) throws IOException {
    Path copy = folder.resolve(resource);
    try (var bytes = OnboardingOfPyarrowTest.class.getResourceAsStream("/" + resource)) {
      Files.copy(Objects.requireNonNull(bytes), copy);
    }
    return copy;
  }

  @AfterAll
  static void close() {
    if (mesh != null) {
      mesh.close();
    }
  }

  private static MeshClient shop() {
    return mesh.clientAs(Principal.of("shop", "etl"));
  }

  private static Stream<String> foldersThatFit() throws IOException {
    return folders(".rows");
  }

  private static Stream<String> foldersThatDoNotFit() throws IOException {
    return folders(".refused");
  }

  private static Stream<String> folders(String ending) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("lake"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(ending))
          .map(name -> name.substring(0, name.length() - ending.length()))
          .sorted()
          .toList()
          .stream();
    }
  }

  private static String product(String name) {
    return "shop/" + name.replace('_', '-');
  }

  @ParameterizedTest
  @MethodSource("foldersThatFit")
  void aFolderThatFitsHasTheValuesThatPyarrowReads(String name) throws IOException {
    OnboardPlan plan = shop().onboard(product(name)).from("root:lake/" + name).plan();
    assertThat(plan.isAccepted()).as(plan.toString()).isTrue();
    plan.commit();

    List<String> expected = Files.readAllLines(folder.resolve("lake/" + name + ".rows"));
    assertThat(expected).isNotEmpty();
    try (Rows<Map<String, Object>> rows = shop().read(product(name)).asMaps().rows()) {
      assertThat(rows.stream().map(OnboardingOfPyarrowTest::line).sorted().toList())
          .isEqualTo(expected.stream().sorted().toList());
    }
  }

  @ParameterizedTest
  @MethodSource("foldersThatDoNotFit")
  void aFolderThatSomeReaderWouldReadWrongIsRefusedByFileAndColumn(String name) throws IOException {
    String[] named = Files.readString(folder.resolve("lake/" + name + ".refused")).split("\t", -1);
    OnboardPlan plan = shop().onboard(product(name)).from("root:lake/" + name).plan();
    assertThat(plan.isAccepted()).isFalse();
    assertThat(plan.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.FILE_REFUSED);
              assertThat(finding.where()).endsWith("/" + named[0]);
              assertThat(finding.what()).contains("'" + named[1] + "'");
            });
    assertThatThrownBy(() -> shop().onboard(product(name)).from("root:lake/" + name).commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContainingAll(named[0], "'" + named[1] + "'");
    assertThat(shop().products()).noneMatch(each -> each.toString().equals(product(name)));
  }

  @Test
  void pyarrowWroteTheFoldersOfBothKinds() throws IOException {
    assertThat(foldersThatFit()).contains("taxi_hive", "taxi_files", "nested").hasSize(12);
    assertThat(foldersThatDoNotFit()).contains("nanoseconds", "int96", "unsigned_64").hasSize(16);
  }

  private static String line(Map<String, Object> row) {
    return row.entrySet().stream()
        .map(cell -> cell.getKey() + "=" + text(cell.getValue()))
        .sorted()
        .collect(Collectors.joining("\t"));
  }

  /** A value as the script writes it. */
  private static String text(@Nullable Object value) {
    if (value == null) {
      return "null";
    } else if (value instanceof Number number) {
      return value instanceof Double || value instanceof Float
          ? "f" + HexFormat.of().toHexDigits(Double.doubleToLongBits(number.doubleValue()))
          : value instanceof BigDecimal decimal ? "d" + decimal.toPlainString() : value.toString();
    } else if (value instanceof Instant at) {
      return "t" + ChronoUnit.MICROS.between(Instant.EPOCH, at);
    } else if (value instanceof LocalDateTime at) {
      return "t" + ChronoUnit.MICROS.between(Instant.EPOCH, at.toInstant(ZoneOffset.UTC));
    } else if (value instanceof LocalDate day) {
      return "day" + day.toEpochDay();
    } else if (value instanceof LocalTime at) {
      return "at" + at.toNanoOfDay() / 1000;
    } else if (value instanceof ByteBuffer bytes) {
      byte[] all = new byte[bytes.remaining()];
      bytes.duplicate().get(all);
      return "x" + HexFormat.of().formatHex(all);
    } else if (value instanceof byte[] bytes) {
      return "x" + HexFormat.of().formatHex(bytes);
    } else if (value instanceof CharSequence text) {
      return "s" + text;
    } else if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> entry.getKey() + "=" + text(entry.getValue()))
          .sorted()
          .collect(Collectors.joining(",", "{", "}"));
    } else if (value instanceof Collection<?> list) {
      return list.stream()
          .map(OnboardingOfPyarrowTest::text)
          .collect(Collectors.joining(",", "[", "]"));
    }
    return value.toString();
  }
}
