package io.meshwork.cli.program;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.cli.ExitCode;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs for rows that are not published yet, or were set aside, and for files of Avro. */
class StagedVerbsTest {
  private static final String ORDERS = CommandMesh.ORDERS;
  private static final String PAYMENTS = "commerce/payments";

  record Payment(
      String id,
      @Column(precision = 9, scale = 2) BigDecimal amount,
      LocalDate day,
      Instant at,
      List<String> notes) {}

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit fills it before each test
  private TestShell shell;

  @BeforeEach
  void makeTheMesh() {
    CommandMesh.in(folder.resolve("mesh"));
    try (Mesh mesh = LocalMesh.openExisting(folder.resolve("mesh"))) {
      MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
      Rule positive = Rule.between("amount", 0, 1000);
      commerce
          .defineProduct(PAYMENTS)
          .contract(
              Contract.of(Payment.class)
                  .require(positive)
                  .onViolation(OnViolation.QUARANTINE)
                  .maxQuarantineShare(100))
          .commit();
    }
    shell = new TestShell(folder);
    shell.variables.put("MESH_URL", "file:" + folder.resolve("mesh"));
    shell.variables.put("MESH_AS", "commerce/etl");
  }

  private Path orders(String text) throws IOException {
    return Files.writeString(folder.resolve("o.csv"), "orderId,amount,country\n" + text);
  }

  @Test
  void quarantinedRowsAreCountedWhereverAPublishIsShown() throws IOException {
    Path file = folder.resolve("payments.jsonl");
    String row = "{\"id\":\"p\",\"amount\":%s,\"day\":\"2026-01-01\",";
    String rest = "\"at\":\"2026-01-01T00:00:00Z\",\"notes\":[]}\n";
    Files.writeString(file, row.formatted("1.5") + rest + row.formatted("5000") + rest);
    String[] publish = {"publish", PAYMENTS, file.toString(), "--key", "day-3"};
    for (String verb : List.of("are quarantined", "; an earlier run with this key did it")) {
      assertThat(shell.run(publish)).as(shell.err()).isZero();
      assertThat(shell.err())
          .contains(
              "1 of 2 rows is published to",
              "and 1 (50.0 %) is quarantined",
              "mesh quarantine",
              verb);
      assertThat(shell.json().get("rows").asInt()).isEqualTo(1);
      assertThat(shell.json().get("quarantined").asInt()).isEqualTo(1);
    }
    assertThat(shell.run("log", PAYMENTS, "--json")).isZero();
    assertThat(shell.json().at("/publishes/0/rowsQuarantined").asInt()).isEqualTo(1);
  }

  @Test
  void aDayUnderQuarantineReadsAsTheContractSaysAtEachVerb() throws IOException {
    Path file = folder.resolve("payments.jsonl");
    String row = "{\"id\":\"p\",\"amount\":%s,\"day\":\"2026-01-01\",";
    String rest = "\"at\":\"2026-01-01T00:00:00Z\",\"notes\":[]}\n";
    Files.writeString(file, row.formatted("1.5") + rest + row.formatted("5000") + rest);

    assertThat(shell.run("stage", PAYMENTS, file.toString())).as(shell.err()).isZero();
    assertThat(shell.err()).contains("2 rows are staged.", "--plan", "mesh discard " + PAYMENTS);
    String id = shell.json().get("staged").asText();
    assertThat(shell.run("promote", PAYMENTS, id, "--plan")).as(shell.err()).isZero();
    assertThat(shell.json().get("quarantined").asInt()).isEqualTo(1);
    assertThat(shell.run("promote", PAYMENTS, id)).as(shell.err()).isZero();
    JsonNode receipt = shell.json();
    assertThat(receipt.get("offered").asInt()).isEqualTo(2);
    assertThat(receipt.get("accepted").asInt()).isEqualTo(1);
    assertThat(receipt.get("quarantined").asInt()).isEqualTo(1);
    assertThat(receipt.get("qualityScore").asDouble()).isEqualTo(50);
    assertThat(receipt.get("violations")).hasSize(1).allMatch(rows -> rows.asInt() == 1);
    assertThat(shell.err()).contains("50.0 %  are quarantined", "mesh quarantine " + PAYMENTS);

    assertThat(shell.run("health", PAYMENTS, "--json", "--check")).as(shell.err()).isZero();
    JsonNode health = shell.json().at("/products/0");
    assertThat(health.get("status").asText()).isEqualTo("QUARANTINING");
    assertThat(health.get("rows").asInt()).isEqualTo(1);
    assertThat(health.get("rowsWaiting").asInt()).isEqualTo(1);
    assertThat(health.at("/quality/rowsQuarantined").asInt()).isEqualTo(1);
    assertThat(health.at("/quality/score").asDouble()).isEqualTo(50);
    String since = health.get("waitingSince").asText();
    assertThat(shell.run("health", PAYMENTS)).isZero();
    assertThat(shell.out())
        .contains(
            "◆ QUARANTINING",
            "2 offered, 1 accepted, 1 quarantined (50.0 %)",
            "the share of the offered rows that were accepted",
            "1 row waits in the quarantine since " + since.substring(0, 19),
            "mesh quarantine " + PAYMENTS);
    assertThat(shell.run("describe", PAYMENTS)).isZero();
    assertThat(shell.out())
        .contains("1 row; ", " bytes; last publish of rows ", "1 row waits in the quarantine");
    assertThat(shell.run("quality", PAYMENTS)).isZero();
    assertThat(shell.out()).contains("OFFERED", "QUARANTINED", "50.0 %");
  }

  @Test
  void aRepublishSaysWhatItSkippedAndPublishesNothingIfNothingIsLeft() throws IOException {
    Path file = folder.resolve("payments.jsonl");
    String row =
        "{\"id\":\"p\",\"amount\":1,\"day\":%s,\"at\":\"2026-01-01T00:00:00Z\",\"notes\":[]}\n";
    Files.writeString(file, row.formatted("\"2026-01-01\"") + row.formatted("\"today\""));
    assertThat(shell.run("publish", PAYMENTS, file.toString())).as(shell.err()).isZero();

    assertThat(shell.run("republish", PAYMENTS, "--where", "row_number = 2", "--set", "day="))
        .as(shell.err())
        .isZero();
    assertThat(shell.json().get("status").asText()).isEqualTo("unchanged");
    assertThat(shell.json().get("skipped").asInt()).isEqualTo(1);
    assertThat(shell.json().at("/findings/0/code").asText()).isEqualTo("QUARANTINE_KEPT");
    assertThat(shell.err())
        .contains(
            "Nothing is published to " + PAYMENTS,
            "1 quarantined row stays",
            "mesh quarantine " + PAYMENTS);
    assertThat(shell.run("log", PAYMENTS, "--json")).isZero();
    assertThat(shell.json().get("publishes")).hasSize(1);
  }

  @Test
  void consumersReadStagedRowsOnceTheyArePromoted() throws IOException {
    String file = orders("o-3,1.5,DE\n").toString();
    assertThat(shell.run("stage", ORDERS, file, "--key", "day-2")).as(shell.err()).isZero();
    String id = shell.json().get("staged").asText();
    assertThat(shell.err()).contains("mesh promote commerce/orders " + id);
    assertThat(rows()).isEqualTo(2);

    assertThat(shell.run("staged", ORDERS, "--json")).isZero();
    assertThat(shell.json().at("/staged/0/staged").asText()).isEqualTo(id);
    assertThat(shell.json().at("/staged/0/rows").asInt()).isEqualTo(1);
    assertThat(shell.run("staged", ORDERS, "--as", "finance/analyst")).isEqualTo(ExitCode.DENIED);

    assertThat(shell.run("promote", ORDERS, id, "--plan")).as(shell.err()).isZero();
    assertThat(shell.json().get("accepted").asInt()).isEqualTo(1);
    assertThat(rows()).isEqualTo(2);
    assertThat(shell.run("promote", ORDERS, id)).as(shell.err()).isZero();
    assertThat(shell.json().get("status").asText()).isEqualTo("published");
    assertThat(rows()).isEqualTo(3);
    assertThat(shell.run("promote", ORDERS, id)).isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).contains("has no staged publish " + id);
  }

  @Test
  void stagedRowsThatBreakTheContractAreNotPromotedAndCanBeDiscarded() throws IOException {
    assertThat(shell.run("stage", ORDERS, orders("o-3,1000,DE\n").toString())).isZero();
    String id = shell.json().get("staged").asText();

    assertThat(shell.run("promote", ORDERS, id, "--plan")).isEqualTo(ExitCode.CONTRACT_VIOLATED);
    assertThat(shell.json().get("findings")).isNotEmpty();
    assertThat(shell.run("promote", ORDERS, id)).isEqualTo(ExitCode.CONTRACT_VIOLATED);
    assertThat(shell.run("discard", ORDERS, id)).as(shell.err()).isZero();
    assertThat(shell.run("staged", ORDERS)).isZero();
    assertThat(shell.out()).contains("Nothing is staged.");
    assertThat(shell.run("discard", ORDERS, id)).isEqualTo(ExitCode.WRONG_REQUEST);
  }

  @Test
  void stagedRowsThatCanOnlyBeDiscardedAreNamed() throws IOException {
    String filter = "orderId = 'o-3' or orderId = 'o-4'";
    String[] replacing = {"--mode", "replace-where", "--where", filter};
    String[] ids = new String[3];
    for (int i = 0; i < ids.length; i++) {
      String[] options = i == 2 ? new String[0] : replacing;
      String file = orders(List.of("o-3", "o-4", "o-5").get(i) + ",1.5,DE\n").toString();
      assertThat(shell.run(with(options, "stage", ORDERS, file))).as(shell.err()).isZero();
      ids[i] = shell.json().get("staged").asText();
    }
    assertThat(
            shell.run("erase", ORDERS, "--now", "--where", "orderId = 'o-4'", "--because", "4711"))
        .as(shell.err())
        .isZero();

    assertThat(shell.run("staged", ORDERS)).isZero();
    assertThat(shell.out())
        .contains(
            ids[0] + " cannot be promoted, because an erasure removed its filter.",
            ids[1] + " cannot be promoted, because an erase removed its rows.",
            "mesh discard " + ORDERS + " " + ids[0],
            "mesh discard " + ORDERS + " " + ids[1])
        .doesNotContain(ids[2] + " cannot", "discard " + ORDERS + " " + ids[2]);
    for (String[] plan : List.of(new String[] {"--plan"}, new String[0])) {
      assertThat(shell.run(with(plan, "promote", ORDERS, ids[0]))).isEqualTo(ExitCode.CONFLICT);
      assertThat(shell.err()).contains("removed the filter");
    }
    assertThat(shell.run("promote", ORDERS, ids[2])).as(shell.err()).isZero();
  }

  @Test
  void aDryRunHasTheExitCodeOfTheCommandWithoutIt() throws IOException {
    publishPayments();
    Path file = folder.resolve("replacing.jsonl");
    Files.writeString(
        file,
        "{\"id\":\"p-1\",\"amount\":6,\"day\":\"2026-01-01\","
            + "\"at\":\"2026-01-01T00:00:00Z\",\"notes\":[]}\n");
    String path = file.toString();
    String[] replacing = {"--mode", "replace-where", "--where", "id = 'p-1'"};
    assertThat(shell.run(with(replacing, "stage", PAYMENTS, path))).as(shell.err()).isZero();
    String id = shell.json().get("staged").asText();
    assertThat(shell.run("publish", PAYMENTS, path)).as(shell.err()).isZero();

    assertThat(shell.run("promote", PAYMENTS, id)).isEqualTo(ExitCode.CONFLICT);
    assertThat(shell.json().get("retryable").asBoolean()).isFalse();
    assertThat(shell.run("promote", PAYMENTS, id, "--plan"))
        .as(shell.err())
        .isEqualTo(ExitCode.CONFLICT);
    assertThat(shell.json().get("status").asText()).isEqualTo("would be rejected");
  }

  private static String[] with(String[] options, String... verb) {
    return Stream.concat(Stream.of(verb), Stream.of(options)).toArray(String[]::new);
  }

  private int rows() {
    assertThat(shell.run("read", ORDERS, "--json")).as(shell.err()).isZero();
    return shell.json().get("rows").size();
  }

  private void publishPayments() throws IOException {
    Path lines = folder.resolve("payments.jsonl");
    Files.writeString(
        lines,
        """
        {"id":"p-1","amount":5.25,"day":"2026-11-20","at":"2026-11-20T08:00:00Z","notes":["a","b"]}
        {"id":"p-2","amount":-7.5,"day":"2026-11-21","at":"2026-11-21T08:00:00Z","notes":[]}
        """);
    assertThat(shell.run("publish", PAYMENTS, lines.toString())).as(shell.err()).isZero();
  }

  @Test
  void quarantinedRowsAreShownCorrectedAndPublishedOnce() throws IOException {
    publishPayments();
    assertThat(shell.run("failures", PAYMENTS, "--json")).isZero();
    assertThat(shell.json().at("/failures/0/failingRows").asInt()).isEqualTo(1);
    assertThat(shell.run("quarantine", PAYMENTS, "--json")).as(shell.err()).isZero();
    JsonNode rows = shell.json().get("rows");
    assertThat(rows.get(0).get("row").asText()).contains("p-2");

    String[] republish = {
      "republish", PAYMENTS, "--where", "rules LIKE '%between.amount%'", "--set", "amount=7.50"
    };
    String[] unchanged = {republish[0], republish[1], republish[2], republish[3], "--plan"};
    assertThat(shell.run(unchanged)).isEqualTo(ExitCode.CONTRACT_VIOLATED);
    assertThat(shell.err()).contains("since no row is left to publish").doesNotContain("\\u000A");
    String[] plan = Arrays.copyOf(republish, 7);
    plan[6] = "--plan";
    assertThat(shell.run(plan)).as(shell.err()).isZero();
    assertThat(shell.json().get("accepted").asInt()).isEqualTo(1);
    assertThat(shell.run(republish)).as(shell.err()).isZero();
    assertThat(shell.json().get("rows").asInt()).isEqualTo(1);
    assertThat(shell.run("quarantine", PAYMENTS)).isZero();
    assertThat(shell.out()).contains("No row of " + PAYMENTS + " is quarantined.");
    assertThat(shell.run("read", PAYMENTS, "--where", "id = 'p-2'", "--json")).isZero();
    assertThat(shell.json().at("/rows/0/amount").asText()).startsWith("7.5");
    for (String wrong : List.of("amount", "amount=much", "nothing=1", "notes=a")) {
      republish[5] = wrong;
      assertThat(shell.run(republish)).as(wrong).isEqualTo(ExitCode.WRONG_REQUEST);
    }
  }

  @Test
  void rowsAreExportedAsAvroWithTheTypesOfTheirColumns() throws IOException {
    Path none = folder.resolve("none.avro");
    assertThat(shell.run("export", PAYMENTS, none.toString())).as(shell.err()).isZero();
    assertThat(read(none)).isEmpty();
    publishPayments();
    Path file = folder.resolve("out.avro");
    assertThat(shell.run("export", PAYMENTS, file.toString(), "--columns", "id,amount,at,notes"))
        .as(shell.err())
        .isZero();
    List<GenericRecord> rows = read(file);
    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).getSchema().getFields())
        .extracting(field -> field.name())
        .containsExactly("id", "amount", "at", "notes");
    assertThat(rows.get(0).get("id")).hasToString("p-1");
    assertThat(rows.get(0).get("notes")).hasToString("[a, b]");

    assertThat(shell.run("publish", PAYMENTS, folder.resolve("none.avro").toString()))
        .as(shell.err())
        .isZero();
    assertThat(shell.run("export", PAYMENTS, folder.resolve("all.avro").toString())).isZero();
    assertThat(shell.run("publish", PAYMENTS, folder.resolve("all.avro").toString()))
        .as("what was exported can be published: %s", shell.err())
        .isZero();
    assertThat(shell.json().get("rows").asInt()).isEqualTo(1);
  }

  @Test
  void aPersonReadsNumbersInLineAndWhetherThereAreMoreRows() throws IOException {
    publishPayments();
    Path lines = folder.resolve("more.jsonl");
    Files.writeString(
        lines,
        "{\"id\":\"p-3\",\"amount\":12.5,\"day\":\"2026-11-20\",\"at\":\"2026-11-20T08:00:00Z\",\"notes\":[\""
            + "n".repeat(100)
            + "\"]}\n");
    assertThat(shell.run("publish", PAYMENTS, lines.toString())).as(shell.err()).isZero();

    assertThat(shell.run("read", PAYMENTS, "--columns", "amount,at,notes"))
        .as(shell.err())
        .isZero();
    assertThat(shell.out())
        .isEqualTo(
            """
            amount  at                    notes
              5.25  2026-11-20T08:00:00Z  ["a","b"]
             12.50  2026-11-20T08:00:00Z  ["%s…
            """
                .formatted("n".repeat(57)));
    assertThat(shell.err()).doesNotContain("more rows");
    assertThat(shell.run("read", PAYMENTS, "--limit", "1")).isZero();
    assertThat(shell.out().lines()).hasSize(2);
    assertThat(shell.err()).contains("There are more rows", "mesh export commerce/payments FILE");
    assertThat(shell.run("read", PAYMENTS, "--limit", "1", "--json")).isZero();
    assertThat(shell.json().get("rows")).hasSize(1);
    assertThat(shell.json().get("more").asBoolean()).isTrue();
    assertThat(shell.run("read", PAYMENTS, "--limit", "-1")).isEqualTo(ExitCode.WRONG_REQUEST);
  }

  @Test
  void onATerminalThatIsTooNarrowEachRowIsABlock() throws IOException {
    publishPayments();
    String[] wide = {"read", PAYMENTS, "--where", "id = 'p-1'"};
    Path lines = folder.resolve("wide.jsonl");
    Files.writeString(
        lines,
        Files.readString(folder.resolve("payments.jsonl"))
            .lines()
            .findFirst()
            .orElseThrow()
            .replace("\"a\"", "\"" + "n".repeat(300) + "\"")
            .replace("p-1", "p-" + "0".repeat(300)));
    assertThat(shell.run("publish", PAYMENTS, lines.toString())).as(shell.err()).isZero();
    wide[3] = "id <> 'p-1'";

    assertThat(shell.run(wide)).as(shell.err()).isZero();
    assertThat(shell.out().lines()).as("not on a terminal").hasSize(2);
    shell.onTerminal();
    assertThat(shell.run(wide)).as(shell.err()).isZero();

    assertThat(shell.out().lines())
        .hasSize(6)
        .contains("-- row 1 --", "amount  5.25", "at      2026-11-20T08:00:00Z");
  }

  @Test
  void rowsAreExportedAsParquetWithTheTypesOfTheirColumns() throws IOException {
    Path none = folder.resolve("none.parquet");
    assertThat(shell.run("export", PAYMENTS, none.toString())).as(shell.err()).isZero();
    assertThat(shell.json().get("rows").asInt()).isZero();
    publishPayments();
    Path file = folder.resolve("out.PARQUET");
    Files.writeString(file, "what was there before");

    assertThat(shell.run("export", PAYMENTS, file.toString())).as(shell.err()).isZero();

    assertThat(shell.json().get("rows").asInt()).isEqualTo(1);
    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).startsWith("PAR1");
    for (Path each : List.of(none, file)) {
      Path renamed = Files.move(each, folder.resolve("typed.parquet"), REPLACE_EXISTING);
      assertThat(Contract.fromParquet(renamed).schema().getFields())
          .as("types of %s", each)
          .extracting(field -> field.schema().toString())
          .containsExactlyElementsOf(
              Contract.of(Payment.class).schema().getFields().stream()
                  .map(
                      field -> field.schema().toString().replace(",\"meshwork.truncate\":true", ""))
                  .toList());
      assertThat(shell.run("publish", PAYMENTS, renamed.toString())).as(shell.err()).isZero();
    }
    assertThat(shell.run("read", PAYMENTS, "--json")).isZero();
    assertThat(shell.json().at("/rows/0")).isEqualTo(shell.json().at("/rows/1"));
  }

  private static List<GenericRecord> read(Path file) throws IOException {
    List<GenericRecord> rows = new ArrayList<>();
    try (DataFileReader<GenericRecord> reader =
        new DataFileReader<>(file.toFile(), new GenericDatumReader<>())) {
      reader.forEach(rows::add);
    }
    return rows;
  }
}
