package io.meshwork.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.tools.ToolProvider;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An embedded mesh writes the files and the documents that it wrote before meshes ran on AWS: the
 * program that wrote the stored mesh of that time runs again, with the classes of this build.
 */
class EarlierBytesTest {
  private static final String PROGRAM = "RolloutsOfNovember";
  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  private static final Pattern SNAPSHOT = Pattern.compile("snap-\\d+");
  private static final Pattern HASH = Pattern.compile("\\b[0-9a-f]{16,64}\\b");
  private static final Pattern NUMBER = Pattern.compile("\\b\\d{13,19}\\b");

  /** The program begins with the time of the system; the rest has fixed times. */
  private static final Pattern TODAY =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z(?<!2026-11-0\\dT\\d\\d:\\d\\d:\\d\\dZ)");

  /** When a rollout began to publish to both versions: recorded later, for rollouts anywhere. */
  private static final Pattern OPENED_AT = Pattern.compile(",\"openedAt\":\"[^\"]*\"");

  /**
   * A product that is late is recorded later, for all meshes: one commit with its notice, and
   * another one if it is late for long. The new version of a rollout has the file for tools, too,
   * and that of the old one says that it was taken out of use. A new mesh has several major
   * versions from its creation.
   */
  private static final List<String> ADDED =
      List.of(
          lastUpdatedOfRates("RETIRED", true, 2),
          "data/commerce/rates_v2/_metadata/last_updated.json"
              + " {\"format\":1,\"product\":\"commerce/rates\",\"major\":2,"
              + "\"contract_version\":\"2.0.0\",\"last_updated\":\"2026-11-02T08:00:00Z\","
              + "\"data_time\":null,\"complete_up_to\":null,\"fresh_within_seconds\":null,"
              + "\"fresh_until\":null,\"snapshot_id\":\"HASH\",\"snapshot_sequence\":2,"
              + "\"committed_at\":\"TODAY\",\"records_processed\":null,"
              + "\"records_quarantined\":null,\"quality_score\":null,\"row_score\":null,"
              + "\"rules_passed\":null,\"rules_evaluated\":null,\"total_records\":2,"
              + "\"status\":\"ACTIVE\",\"deprecated\":false,\"retire_at\":null,"
              + "\"successor_major\":null,\"publish_id\":null,\"producer\":\"commerce\"}\n",
          "document _mesh | cursor/list/commerce/customers | ID |"
              + " {\"format\":1,\"sequence\":7,\"handedOver\":[],\"parked\":[]}",
          "document _mesh | head | ID |"
              + " {\"format\":1,\"sequence\":5,\"hash\":\"HASH\",\"at\":\"TODAY\"}",
          "document commerce/customers | head | ID |"
              + " {\"format\":1,\"sequence\":7,\"hash\":\"HASH\",\"at\":\"2026-11-03T08:00:00Z\"}",
          "document commerce/customers | late/1 | ID |"
              + " {\"format\":1,\"since\":\"2026-11-02T09:00:00Z\",\"causes\":[],"
              + "\"began\":\"2026-11-03T08:00:00Z\",\"notified\":["
              + "{\"key\":\"owner\",\"to\":\"shop@example.org\","
              + "\"because\":\"its domain owns it\",\"times\":true},"
              + "{\"key\":\"subscriber.finance.copy\",\"to\":\"books@example.org\","
              + "\"because\":\"'copy' of finance subscribes to it\",\"times\":true}],"
              + "\"escalated\":true}",
          lateness(6, "product.late"),
          lateness(7, "product.lateness-escalated"));

  private static String lastUpdatedOfRates(
      String status, boolean deprecated, @Nullable Integer successor) {
    return "data/commerce/rates_v1/_metadata/last_updated.json {\"format\":1,"
        + "\"product\":\"commerce/rates\",\"major\":1,\"contract_version\":\"1.0.0\","
        + "\"last_updated\":\"2026-11-02T08:00:00Z\",\"data_time\":null,"
        + "\"complete_up_to\":null,\"fresh_within_seconds\":null,\"fresh_until\":null,"
        + "\"snapshot_id\":\"HASH\",\"snapshot_sequence\":1,"
        + "\"committed_at\":\"2026-11-02T08:00:00Z\",\"records_processed\":2,"
        + "\"records_quarantined\":0,\"quality_score\":null,\"row_score\":100.0,"
        + "\"rules_passed\":0,\"rules_evaluated\":0,\"total_records\":2,"
        + "\"status\":\""
        + status
        + "\",\"deprecated\":"
        + deprecated
        + ",\"retire_at\":null,\"successor_major\":"
        + successor
        + ",\"publish_id\":\"ID\","
        + "\"producer\":\"commerce\"}\n";
  }

  private static String lateness(int sequence, String event) {
    return "document commerce/customers | log/HASH | ID | {\"format\":1,\"sequence\":"
        + sequence
        + ",\"at\":\"2026-11-03T08:00:00Z\",\"event\":\""
        + event
        + "\",\"principal\":\"mesh/maintenance\",\"subject\":\"commerce/customers\","
        + "\"details\":{\"major\":1,\"since\":\"2026-11-02T09:00:00Z\","
        + "\"freshWithin\":\"PT1H\",\"causes\":[]},\"attempt\":\"ID\","
        + "\"documents\":{\"late/1\":\"HASH\"},\"previous\":\"HASH\",\"hash\":\"HASH\"}";
  }

  private static final List<String> REPLACED =
      List.of(
          lastUpdatedOfRates("ACTIVE", false, null),
          "document _mesh | cursor/list/commerce/customers | ID |"
              + " {\"format\":1,\"sequence\":5,\"handedOver\":[],\"parked\":[]}",
          "document _mesh | head | ID |"
              + " {\"format\":1,\"sequence\":6,\"hash\":\"HASH\",\"at\":\"TODAY\"}",
          "document _mesh | log/HASH | ID | {\"format\":1,\"sequence\":6,\"at\":\"TODAY\","
              + "\"event\":\"mesh.format-changed\",\"principal\":\"commerce/etl\","
              + "\"subject\":\"_mesh\",\"details\":{},\"attempt\":\"ID\","
              + "\"documents\":{\"format\":\"HASH\"},\"previous\":\"HASH\",\"hash\":\"HASH\"}",
          "document commerce/customers | head | ID |"
              + " {\"format\":1,\"sequence\":5,\"hash\":\"HASH\",\"at\":\"2026-11-03T08:00:00Z\"}");

  /** What questions about many products read: two for each major version, and one for a domain. */
  private static final Pattern DERIVED =
      Pattern.compile("document commerce/@reads \\| index/(dependent|pulse|shape)/");

  private static final int MAJORS = 5;

  /** Sizes of data files, which are smaller where no value of a small column repeats. */
  private static final Pattern BYTES =
      Pattern.compile("\"(bytes|added-files-size|total-files-size)\":\"?\\d+\"?");

  /** Domains say whether another account registered them. */
  private static final Pattern FOR_OTHERS = Pattern.compile(",\"registeredForOthers\":[a-z]+");

  /** Rollouts have a list of places at which both versions have the same rows. */
  private static final Pattern LEVEL =
      Pattern.compile(
          ",\"levels?\":\\[?\\{\"entry\":\\d+,\"from\":\\{[^}]*},\"to\":\\{[^}]*}"
              + "(,\"until\":\\d+)?}]?");

  /** The file beside a table names the newest commit. */
  private static final Pattern NEWEST =
      Pattern.compile(",\"log_sequence\":\\d+,\"attempt_id\":\"[^\"]*\"");

  /** Products record the processes that wrote their files; each record is an attempt, too. */
  private static final Pattern WRITER =
      Pattern.compile("document [a-z_@/]+ \\| (writers|attempt)/");

  /** Tables say how their metadata files are compressed once they are long. */
  private static final String GZIP = "\"write.metadata.compression-codec\":\"gzip\"";

  private static final String PLAIN = "\"write.metadata.compression-codec\":\"none\"";

  /** Tables say that no two of their folders differ in case alone. */
  private static final Pattern FOLDERS =
      Pattern.compile(
          "\"meshwork.folders-differ\":\"ignoring-case\",|,\"meshwork.folders-differ\":\"ignoring-case\"");

  @TempDir private Path folder;

  @Test
  void anEmbeddedMeshWritesWhatItWroteBeforeMeshesRanOnAws() throws Exception {
    Path before = folder.resolve("before");
    unpack(before);
    Path now = folder.resolve("now");
    run(now);

    List<String> written = content(now);
    List<String> stored = content(before);

    assertThat(stored).hasSizeGreaterThan(150);
    assertThat(dataBytes(now)).as("bytes of data files").isLessThanOrEqualTo(dataBytes(before));
    assertThat(without(stored, written)).as("missing now").containsExactlyElementsOf(REPLACED);
    Map<Boolean, List<String>> added =
        without(written, stored).stream()
            .collect(Collectors.partitioningBy(line -> DERIVED.matcher(line).lookingAt()));
    assertThat(added.get(true)).as("documents derived from others").hasSize(2 * MAJORS + 1);
    assertThat(added.get(false)).as("only now").containsExactlyElementsOf(ADDED);
  }

  private void unpack(Path target) throws IOException {
    try (InputStream in = resource("/meshes/2026-11-21.zip");
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry each = zip.getNextEntry(); each != null; each = zip.getNextEntry()) {
        Path file = target.resolve(each.getName());
        Files.createDirectories(file.getParent());
        Files.copy(zip, file);
      }
    }
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(EarlierBytesTest.class.getResourceAsStream(name), name);
  }

  /** Compiles and runs the program of that time. */
  private void run(Path target) throws Exception {
    Path source = folder.resolve(PROGRAM + ".java");
    try (InputStream in = resource("/meshes/2026-11-21.java.txt")) {
      Files.copy(in, source);
    }
    Path classes = Files.createDirectory(folder.resolve("classes"));
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                OutputStream.nullOutputStream(),
                null,
                "-proc:none",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "-d",
                classes.toString(),
                source.toString());
    assertThat(failed).as("compiling the program").isZero();
    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {classes.toUri().toURL()}, EarlierBytesTest.class.getClassLoader())) {
      loader
          .loadClass(PROGRAM)
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[] {target.toString()});
    }
  }

  private static List<String> content(Path mesh) throws IOException, SQLException {
    List<String> content = new ArrayList<>();
    try (Stream<Path> files = Files.walk(mesh)) {
      files.filter(Files::isRegularFile).forEach(file -> add(mesh, file, content));
    }
    try (Connection registry =
            DriverManager.getConnection("jdbc:sqlite:" + mesh.resolve("registry/mesh.db"));
        Statement statement = registry.createStatement()) {
      for (String table : tables(statement)) {
        try (ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
          while (rows.next()) {
            List<String> row = new ArrayList<>();
            for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
              row.add(String.valueOf(rows.getString(column)));
            }
            content.add(normalized(table + " " + String.join(" | ", row)));
          }
        }
      }
    }
    return content.stream().filter(line -> !WRITER.matcher(line).lookingAt()).sorted().toList();
  }

  private static TreeSet<String> tables(Statement statement) throws SQLException {
    TreeSet<String> tables = new TreeSet<>();
    try (ResultSet rows =
        statement.executeQuery("SELECT name FROM sqlite_master WHERE type = 'table'")) {
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
    }
    return tables;
  }

  /** Adds a file: its text, or its schema, with the IDs that differ. */
  private static void add(Path mesh, Path file, List<String> content) {
    String path = mesh.relativize(file).toString().replace('\\', '/');
    try {
      if (path.endsWith(".json")) {
        content.add(normalized(path + " " + Files.readString(file)));
      } else if (path.endsWith(".avro")) {
        try (DataFileReader<GenericRecord> records =
            new DataFileReader<>(file.toFile(), new GenericDatumReader<>())) {
          content.add(
              normalized(path + " " + new TreeSet<>(records.getMetaKeys()) + records.getSchema()));
        }
      } else {
        content.add(normalized(path));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String normalized(String text) {
    String normal = UUID.matcher(text).replaceAll("ID");
    normal = SNAPSHOT.matcher(normal).replaceAll("snap-N");
    normal = HASH.matcher(normal).replaceAll("HASH");
    normal = NUMBER.matcher(normal).replaceAll("N");
    normal = TODAY.matcher(normal).replaceAll("TODAY");
    normal = BYTES.matcher(normal).replaceAll("$1:N");
    normal = FOLDERS.matcher(normal.replace(GZIP, PLAIN)).replaceAll("");
    normal = FOR_OTHERS.matcher(normal).replaceAll("");
    normal = NEWEST.matcher(normal).replaceAll("");
    normal = LEVEL.matcher(normal).replaceAll("");
    return OPENED_AT.matcher(normal).replaceAll("");
  }

  private static long dataBytes(Path mesh) throws IOException {
    try (Stream<Path> files = Files.walk(mesh)) {
      return files
          .filter(file -> file.toString().endsWith(".parquet"))
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
  }

  private static List<String> without(List<String> lines, List<String> others) {
    List<String> rest = new ArrayList<>(lines);
    others.forEach(rest::remove);
    return rest;
  }
}
