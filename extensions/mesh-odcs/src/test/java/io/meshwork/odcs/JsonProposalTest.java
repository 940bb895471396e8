package io.meshwork.odcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.odcs.ContractProposal.Evidence;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonProposalTest {
  @TempDir private Path folder;

  private static ContractProposal json(String text) {
    return ContractProposal.fromJson(
        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<String> facts(ContractProposal proposal, String path) {
    return proposal.evidence(path).stream().map(Evidence::fact).toList();
  }

  /** What the objects below should be proposed as. */
  record Row(
      long id,
      Optional<Customer> customer,
      List<Line> lines,
      List<List<Optional<Long>>> grid,
      Map<String, String> tags,
      boolean paid,
      @Column(precision = 18, scale = 1) Optional<BigDecimal> discount,
      Optional<String> note) {
    record Customer(String name, Optional<Address> address) {}

    record Address(String zip, UUID id) {}

    record Line(String sku, @Column(precision = 18, scale = 1) BigDecimal price, Long count) {}
  }

  @Test
  void objectsAreRecordsAndArraysAreLists() throws IOException {
    Path file = folder.resolve("rows.jsonl");
    Files.writeString(
        file,
        """
        {"id": 1, "customer": {"name": "A", "address": {"zip": "00501", "id": "123e4567-e89b-12d3-a456-426614174000"}}, "lines": [{"sku": "a", "price": 1.5, "count": 2}, {"sku": "b", "price": 2, "count": null}], "grid": [[1, null], []], "tags": {}, "paid": true, "discount": null}

        {"id": 2, "customer": null, "lines": [], "grid": [], "tags": {}, "paid": false, "discount": 2, "note": "x"}
        {"id": 3, "customer": {"name": "B"}, "lines": [{"sku": "a", "price": 1}], "grid": [[3]], "tags": {}, "paid": true, "discount": 0.5}
        """);
    ContractProposal proposal = ContractProposal.from(file);

    String shape = proposal.contract().schema().toString();
    String expected = Contract.of(Row.class).schema().toString();
    assertThat(shape.replaceAll("\"(name|namespace)\":\"[A-Z][^\"]*\"", ""))
        .isEqualTo(
            expected
                .replaceAll(",\"namespace\":\"[^\"]*\"", "")
                .replaceAll("\"(name|namespace)\":\"[A-Z][^\"]*\"", ""));
    assertThat(facts(proposal, "customer")).containsExactly("1 null in 3 rows");
    assertThat(facts(proposal, "customer.address")).containsExactly("1 null in 2 objects");
    assertThat(facts(proposal, "customer.address.zip")).contains("0 nulls in 1 object");
    assertThat(facts(proposal, "lines[].count")).contains("2 nulls in 3 objects");
    assertThat(facts(proposal, "grid[][]")).contains("1 null in 3 elements", "1 to 3");
    assertThat(facts(proposal, "note")).contains("2 nulls in 3 rows");
    assertThat(facts(proposal, "tags")).contains("empty objects: a map of strings is assumed");
  }

  @Test
  void theJavaOfNestedRowsCompiles() throws Exception {
    ContractProposal proposal =
        json(
            """
            [{"id": 1, "list": {"string": {"a": "2026-01-01"}}, "List": [{"x-y": 1}], "when": "10:00:00"},
             {"id": 2, "list": {"string": {"a": "2026-01-02"}}, "List": [], "when": "11:00:00"}]
            """
                .replace("\"List\"", "\"items\""));

    assertThat(proposal.asJava())
        .contains("ListRecord list,", "record ListRecord(", "StringRecord string)")
        .contains("record Items(");
    assertThat(CompiledProposal.contract(proposal, folder)).isEqualTo(proposal.contract());
  }

  @Test
  void mixedValuesAreTextAndSaySo() {
    ContractProposal proposal = json("{\"a\": 1} {\"a\": \"x\"} {\"a\": {\"b\": 1}}");

    assertThat(proposal.contract().schema().toString()).contains("\"type\":\"string\"");
    assertThat(facts(proposal, "a")).contains("1 whole number, 1 text, 1 object: text");
  }

  @Test
  void wholeNumbersOfMoreThan38DigitsAreTextAndSayWhy() {
    String digits = "1234567890".repeat(4);
    ContractProposal proposal =
        json("{\"a\": [" + digits + "], \"b\": 1}\n{\"a\": [], \"b\": -" + digits + "}");

    String why = "text: its whole numbers have up to 40 digits, and a decimal has at most 38";
    assertThat(facts(proposal, "a[]")).contains(why);
    assertThat(facts(proposal, "b")).contains(why);
  }

  @Test
  void numbersInQuotesStayText() {
    assertThat(json("{\"a\": \"12\"}").contract().schema().toString())
        .contains("\"type\":\"string\"");
  }

  @Test
  void anObjectOfEverNewNamesIsAMap() {
    String rows =
        IntStream.range(0, 300)
            .mapToObj(i -> "{\"stock\": {\"sku-" + i + "\": " + i + "}}")
            .collect(Collectors.joining("\n"));
    ContractProposal proposal = json(rows);

    assertThat(proposal.contract().schema().toString())
        .contains("{\"type\":\"map\",\"values\":[\"null\",\"long\"]}");
    assertThat(facts(proposal, "stock")).contains("names differ between objects: a map");
    assertThat(facts(proposal, "stock{}")).contains("0 to 299");
  }

  @Test
  void namesThatDifferOnlyInCaseGetANumber() {
    ContractProposal proposal = json("{\"who\": {\"Name\": 1, \"name\": 2}}");
    assertThat(proposal.contract().schema().getField("who").schema().getFields())
        .extracting(org.apache.avro.Schema.Field::name)
        .containsExactly("Name", "name_2");
  }

  @Test
  void aLineThatIsCutIsSkippedAndACutFileIsNot() {
    ContractProposal proposal = json("{\"a\": 1}\n{\"a\": 2}\n{\"a\": \n{\"a\": 3}\n");
    assertThat(proposal.rows()).isEqualTo(3);
    assertThat(proposal.skipped()).containsExactly("line 3 is not a JSON object");
  }

  @Test
  void whatAPublishDoesNotReadIsRefusedOrNamed() throws IOException {
    for (Charset utf16 : List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE)) {
      assertThatThrownBy(() -> ContractProposal.fromJson(bytes("{\"id\": 1}\n{\"id\": 2}", utf16)))
          .hasMessageContaining("not UTF-8");
    }
    assertThat(ContractProposal.fromJson(bytes("[{\"id\": 1}]", StandardCharsets.UTF_16LE)).rows())
        .isEqualTo(1);
    assertThatThrownBy(() -> json("[{\"id\": 1}]\n{\"id\": 2}"))
        .hasMessageContaining("the text goes on after the array, in line 2");
    assertThat(json("{\"id\": 1} {\"id\": 2}").notes().toString())
        .contains("a line has several objects");
    assertThat(json("{\"id\":\n1}\n{\"id\": 2}").notes().toString())
        .contains("an object has several lines");

    ContractProposal latin =
        ContractProposal.fromJson(
            bytes("{\"id\": 1}\n{\"id\": \"\u00fc\"}\n{\"id\": 2}", StandardCharsets.ISO_8859_1));
    assertThat(latin.skipped()).containsExactly("line 2 is not UTF-8");
    assertThat(latin.contract().schema().getField("id").schema().getType())
        .isEqualTo(Schema.Type.LONG);
  }

  private static ByteArrayInputStream bytes(String text, Charset charset) {
    return new ByteArrayInputStream(text.getBytes(charset));
  }

  @Test
  void numbersWithAFractionAreExactUnlessProgramsWroteDoubles() {
    Schema columns =
        json("""
                {"price": 1.10, "exact": 12345678901234567.25, "measured": 0.30000000000000004}
                {"price": 2, "exact": 1.5, "measured": 0.1}
                """)
            .contract()
            .schema();

    assertThat(columns.getField("price").schema().getLogicalType().getName()).isEqualTo("decimal");
    assertThat(columns.getField("exact").schema().getLogicalType().getName()).isEqualTo("decimal");
    assertThat(columns.getField("measured").schema().getType()).isEqualTo(Schema.Type.DOUBLE);
  }
}
