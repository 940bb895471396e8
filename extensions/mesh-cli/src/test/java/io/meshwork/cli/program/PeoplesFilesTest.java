package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.cli.ExitCode;
import io.meshwork.cli.program.PeoplesFile.PublishedFile;
import io.meshwork.product.Classification;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as people have them are proposed, defined, and published without an option. */
class PeoplesFilesTest {
  private static final Path FILES = Path.of("src", "test", "resources", "messy");

  /** The kinds that a file may expect as any number. */
  private static final Set<String> NUMBERS = Set.of("number", "decimal", "integer");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bestellungen.csv",
        "orders_us.csv",
        "sensors.tsv",
        "kunden.csv",
        "events.jsonl.gz"
      })
  void aFileGivesWhatIsExpectedOfIt(String name) throws IOException {
    JsonNode expected = TestShell.JSON.readTree(FILES.resolve("expected.json").toFile()).get(name);
    PublishedFile published = PeoplesFile.in(folder).publish(FILES.resolve(name));

    published.hasCounts(
        expected.get("offered").asLong(),
        expected.get("accepted").asLong(),
        expected.get("quarantined").asLong());
    for (Map.Entry<String, JsonNode> kind : expected.get("kinds").properties()) {
      String expectedKind = kind.getValue().asText();
      assertThat(published.kind(kind.getKey()))
          .as(kind.getKey())
          .isIn(expectedKind.equals("number") ? NUMBERS : Set.of(expectedKind));
    }
    for (Map.Entry<String, JsonNode> sum : expected.get("sums").properties()) {
      assertThat(published.sum(sum.getKey()))
          .as(sum.getKey())
          .isEqualByComparingTo(new BigDecimal(sum.getValue().asText()));
    }
    for (JsonNode column : expected.path("confidential")) {
      assertThat(published.contract().classificationOf(published.column(column.asText()).name()))
          .as(column.asText())
          .isEqualTo(Classification.CONFIDENTIAL);
      assertThat(published.complaints()).contains("Column " + column.asText() + " is CONFIDENTIAL");
    }
    for (Map.Entry<String, JsonNode> nulls : expected.path("nulls").properties()) {
      assertThat(Collections.frequency(published.values(nulls.getKey()), null))
          .as(nulls.getKey())
          .isEqualTo(nulls.getValue().asInt());
    }
  }

  @Test
  void theOutputSaysHowAFileIsReadAndWhatWasSkipped() throws IOException {
    PeoplesFile files = PeoplesFile.in(folder);
    PublishedFile german = files.publish(FILES.resolve("bestellungen.csv"));
    assertThat(german.receipt().at("/readAs/bestellungen.csv").asText())
        .isEqualTo("';', dd.MM.yyyy in Datum, decimal comma in Betrag_EUR");
    assertThat(german.complaints())
        .contains(
            "Read as ';', dd.MM.yyyy in Datum, decimal comma in Betrag_EUR.",
            "Skipped 3 lines of 400",
            "has a value in 'Datum' that is not in the form dd.MM.yyyy",
            "bestellungen.csv is read as ';', dd.MM.yyyy in Datum, decimal comma in Betrag_EUR.");
    PublishedFile customers = files.publish(FILES.resolve("kunden.csv"));
    assertThat(customers.receipt().at("/readAs/kunden.csv").asText())
        .isEqualTo("windows-1252, 'NULL' is null in email");
    assertThat(Set.copyOf(customers.values("kunde"))).contains("Zoë Müller", "Jürgen Groß");
    files.run("product", "propose", FILES.resolve("kunden.csv").toString(), "--json");
    QuestionSchemas.check("propose", files.shell().json());
    assertThat(files.shell().json().get("contract").asText()).doesNotContain("Müller");
  }

  @Test
  void aBadRowKeepsItsFileAndLine() throws IOException {
    PeoplesFile files = PeoplesFile.in(folder);
    files.publish(FILES.resolve("orders_us.csv"));
    files.run("quarantine", "sales/p1", "--json");
    List<String> reasons = files.shell().json().findValuesAsText("reason");
    assertThat(reasons).hasSize(2).allMatch(reason -> reason.contains("(orders_us.csv, line "));
    files.run("quarantine", "sales/p1");
    assertThat(files.shell().out().lines())
        .hasSize(3)
        .first()
        .asString()
        .matches("PLACE +VALUE +WHY +ROW");
    assertThat(files.shell().out().lines().skip(1))
        .allMatch(l -> l.matches("orders_us.csv:\\d+ .*"));
    assertThat(files.shell().out()).doesNotContain("…");
    assertThat(files.shell().err()).contains("--json shows whole rows");
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"export.txt", "export.psv", "export.tab", "EXPORT.TXT"})
  void textIsReadWhateverItsUsualExtension(String name) throws IOException {
    String separator = name.endsWith("tab") ? "\t" : "|";
    PublishedFile published =
        PeoplesFile.in(folder)
            .publish(file(name, "konto|betrag\n0400|1,50\n0410|2,00\n".replace("|", separator)));
    published.hasCounts(2, 2, 0);
    assertThat(published.values("konto")).hasToString("[0400, 0410]");
    assertThat(published.sum("betrag")).isEqualByComparingTo("3.50");
  }

  @Test
  void theTimesThatPostgresWritesAreTimestamps() throws IOException {
    String rows =
        """
        id,created_at
        1,2026-03-14 14:25:34.126259+00
        2,2026-03-14 16:25:34.5+02
        3,2026-07-14 09:25:34-05
        """;
    PublishedFile published = PeoplesFile.in(folder).publish(file("pg.csv", rows));
    published.hasCounts(3, 3, 0);
    assertThat(published.kind("created_at")).isEqualTo("timestamp");
    assertThat(published.values("created_at"))
        .containsExactly(
            Instant.parse("2026-03-14T14:25:34.126259Z"),
            Instant.parse("2026-03-14T14:25:34.500Z"),
            Instant.parse("2026-07-14T14:25:34Z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"name\", \"amount\"\n\"Smith, John\", \"2.5\"\n\"Ek, \"\"Bo\"\"\", \"1.0\"\n",
        "\"name\" , \"amount\" \n\"Smith, John\" , \"2.5\" \n\"Ek, \"\"Bo\"\"\" , \"1.0\" \n",
        "name, amount\n\"Smith, John\", \"2.5\"\n\"Ek, \"\"Bo\"\"\", \"1.0\"\n"
      })
  void spacesAroundQuotesAreNotPartOfTheCells(String text) throws IOException {
    PublishedFile published = PeoplesFile.in(folder).publish(file("people.csv", text));
    published.hasCounts(2, 2, 0);
    assertThat(published.values("name")).containsExactly("Smith, John", "Ek, \"Bo\"");
    assertThat(published.sum("amount")).isEqualByComparingTo("3.5");
    assertThat(published.complaints()).contains("Read as spaces around quotes");
  }

  @Test
  void quotesThatATextHasStayPartOfIt() throws IOException {
    PublishedFile published =
        PeoplesFile.in(folder)
            .publish(
                file(
                    "quotes.csv",
                    "id,text\n1, \"so\" he said\n2,\"{\"\"a\"\": 1, \"\"b\"\": 2}\"\n3,c\n"));
    published.hasCounts(3, 3, 0);
    assertThat(published.values("text"))
        .containsExactly(" \"so\" he said", "{\"a\": 1, \"b\": 2}", "c");
  }

  @Test
  void codesOfTheNextDayAreBadValuesOfANumber() throws IOException {
    PeoplesFile files = PeoplesFile.in(folder);
    files.publish(file("day-1.csv", "x,n\n10123,1\n10124,2\n"));
    String good = "10125,4\n".repeat(20);
    files.run("publish", "sales/p1", file("day-2.csv", "x,n\n00123,3\n" + good).toString());
    files.run("quarantine", "sales/p1", "--json");
    assertThat(files.shell().json().findValuesAsText("reason"))
        .singleElement()
        .asString()
        .contains("(day-2.csv, line 2)");
    files.run("quarantine", "sales/p1");
    assertThat(files.shell().out()).containsPattern("day-2.csv:2 +x = \"\\w+\" +x: ");
  }

  @Test
  void aFileWithATitleTrailingSeparatorsAndTwoEqualNamesIsReadAsItIsProposed() throws IOException {
    PublishedFile published =
        PeoplesFile.in(folder)
            .publish(
                file(
                    "report.csv",
                    "Umsatz, \"intern\n\nregion;summe;summe;\nnord;1,5;10;\ns\u00fcd;2,5;20;\n"));
    published.hasCounts(2, 2, 0);
    assertThat(published.rows().get(0))
        .containsEntry("region", "nord")
        .containsEntry("summe", new BigDecimal("1.5"))
        .containsEntry("summe_2", 10L);
    assertThat(published.complaints())
        .contains("2 lines skipped at the start", "column 4 has neither a name nor values");
  }

  @Test
  void aCorrectionIsWrittenAsInTheFile() throws IOException {
    PeoplesFile files = PeoplesFile.in(folder);
    StringBuilder rows = new StringBuilder("Tag;Betrag\n");
    for (int i = 10; i < 40; i++) {
      rows.append("13.02.20").append(i).append(";1.2").append(i).append(",50\n");
    }
    files.publish(file("a.csv", rows.toString()));
    files.run("publish", "sales/p1", file("b.csv", rows + "heute;viel\n").toString());
    files.run(
        "republish",
        "sales/p1",
        "--where",
        "rules LIKE '%type:%'",
        "--set",
        "Tag=14.02.2041",
        "--set",
        "Betrag=2.345,60");
    files.run("read", "sales/p1", "--where", "Tag = DATE '2041-02-14'", "--json");
    assertThat(files.shell().out()).contains("2345.6");
  }

  @Test
  void aProposalDoesNotEndTheQuarantineWithoutAWord() throws IOException {
    PeoplesFile files = PeoplesFile.in(folder);
    files.publish(file("a.csv", "x,n\na,1\nb,2\n"));
    String proposal = folder.resolve("contract-1.yaml").toString();
    files.run("product", "amend", "sales/p1", "--contract", proposal, "--because", "x", "--plan");
    assertThat(files.shell().err()).contains("add --on-violation quarantine");
    files.run(
        "product",
        "amend",
        "sales/p1",
        "--contract",
        proposal,
        "--because",
        "x",
        "--plan",
        "--on-violation",
        "quarantine");
    assertThat(files.shell().err()).doesNotContain("--on-violation");
  }

  @ParameterizedTest
  @ValueSource(strings = {"orders_2026_02.csv", "2026-02-orders.csv", "orders feb.csv"})
  void theProposalOfNextMonthsFileAmendsTheProductWhateverTheFileIsCalled(String next)
      throws IOException {
    PeoplesFile files = PeoplesFile.in(folder);
    files.publish(file("orders_2026_01.csv", orders(100, 3, 20)));
    Path february = file(next, orders(300, 4, 900));
    Path contract = folder.resolve("february.yaml");
    files.run("product", "propose", february.toString(), "--to", contract.toString());
    files.run(
        "product",
        "amend",
        "sales/p1",
        "--contract",
        contract.toString(),
        "--on-violation",
        "quarantine");
    files.run("publish", "sales/p1", february.toString(), "--json");
    assertThat(files.shell().json().get("qualityScore").asDouble()).isEqualTo(100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"orders_2026_02.csv", "2026-02-orders.csv", "orders-v2 (3).csv"})
  void theProposalOfNextMonthsFileIsCompatible(String next) throws IOException {
    PeoplesFile files = PeoplesFile.in(folder);
    Path january = folder.resolve("january.yaml");
    Path february = folder.resolve("february.yaml");
    for (Path contract : List.of(january, february)) {
      Path rows =
          contract.equals(january)
              ? file("orders_2026_01.csv", orders(100, 3, 20))
              : file(next, orders(300, 4, 900));
      files.run("product", "propose", rows.toString(), "--to", contract.toString());
    }
    files.run("contract", "diff", january.toString(), february.toString());
    assertThat(files.shell().out())
        .contains("can read version 1.0.1: yes")
        .doesNotContain("major", "minor");
  }

  @ParameterizedTest
  @ValueSource(strings = {"orders feb.csv", "orders.jsonl"})
  void aNewColumnOfNextMonthsFileBecomesOptionalAsThePublishSays(String next) throws IOException {
    PeoplesFile files = PeoplesFile.in(folder);
    files.publish(file("orders_2026_01.csv", orders(100, 3, 20)));
    Path february =
        file(
            next,
            next.endsWith(".csv")
                ? "id,country,amount,ship date,mail\n1,C1,2.5,2026-02-01,joe@example.com\n"
                : "{\"id\":1,\"country\":\"C1\",\"amount\":2.5,\"mail\":\"joe@example.com\"}\n");
    assertThat(files.shell().run("publish", "sales/p1", february.toString()))
        .isEqualTo(ExitCode.CONTRACT_VIOLATED);
    List<String> advice =
        files.shell().err().lines().dropWhile(line -> !line.startsWith("To make it")).toList();
    assertThat(advice).hasSize(3);
    for (String command : advice.subList(1, 3)) {
      String words =
          command
              .replace("'" + february + "'", "FILE")
              .replace(february.toString(), "FILE")
              .replace("p1-next.odcs.yaml", folder.resolve("next.yaml").toString());
      files.run(
          Stream.of(words.strip().split(" "))
              .skip(1)
              .map(word -> word.equals("FILE") ? february.toString() : word)
              .toArray(String[]::new));
    }
    assertThat(folder.resolve("next.yaml")).content().contains("name: mail", "required: false");
    files.run("publish", "sales/p1", february.toString());
    assertThat(files.shell().err()).contains("1 row is published");
  }

  @Test
  void amountsOfAccountingAndDaysWithoutSeparatorsAreRead() throws IOException {
    PublishedFile published =
        PeoplesFile.in(folder)
            .publish(
                file(
                    "ledger.csv",
                    "BUDAT;Betrag;Saldo;Beleg\n20260206;54.213,60-;(1.234,50);(12)\n"
                        + "20260207;1,00;2,50;A7\n"));
    published.hasCounts(2, 2, 0);
    assertThat(published.kind("BUDAT")).isEqualTo("date");
    assertThat(published.sum("Betrag")).isEqualByComparingTo("-54212.60");
    assertThat(published.sum("Saldo")).isEqualByComparingTo("-1232.00");
    assertThat(published.values("Beleg")).contains("(12)");
  }

  @Test
  void aFileWithoutNewColumnsProposesTheContractOfTheProduct() throws IOException {
    PeoplesFile files = PeoplesFile.in(folder);
    Path january = file("orders_2026_01.csv", orders(100, 3, 20));
    files.publish(january);
    files.run("product", "propose", january.toString(), "--product", "sales/p1", "--json");
    QuestionSchemas.check("propose", files.shell().json());
    assertThat(files.shell().err()).contains("The file has no new column.");
    assertThat(
            files
                .shell()
                .run("product", "propose", january.toString(), "--product", "sales/p1", "--java"))
        .isEqualTo(ExitCode.WRONG_REQUEST);
  }

  private static String orders(int rows, int countries, int most) {
    StringBuilder text = new StringBuilder("id,country,amount\n");
    for (int i = 0; i < rows; i++) {
      text.append(i).append(",C").append(i % countries).append(',').append(i % most).append(".5\n");
    }
    return text.toString();
  }
}
