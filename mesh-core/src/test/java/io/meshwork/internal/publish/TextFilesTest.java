package io.meshwork.internal.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.schema.TextFileFormat;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.Publish;
import io.meshwork.publish.Publish.FileFormat;
import io.meshwork.publish.Publish.PublishPlan;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of text and Avro files as sources of a publish, good and bad ones. */
class TextFilesTest {
  private static final String SALES = "shop/sales";
  private static final String CANARY = "canary-7d1f";

  record Sale(String id, LocalDate day, Optional<String> note, Optional<Long> items) {}

  record Place(String zip, List<Integer> floors) {}

  record Visit(String id, Optional<Place> place, Optional<Map<String, Instant>> seen) {}

  @TempDir private Path folder;
  private Mesh mesh;
  private MeshClient owner;

  @BeforeEach
  void open() {
    mesh = LocalMesh.open(folder.resolve("mesh"));
    owner = mesh.clientAs(Principal.of("shop", "etl"));
    owner.registerDomain("shop").owner("shop@example.org").commit();
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  private void define(Contract contract) {
    owner.defineProduct(SALES).contract(contract).commit();
  }

  private static Contract tolerant() {
    return Contract.of(Sale.class).onViolation(OnViolation.QUARANTINE).maxQuarantineShare(100);
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private List<Map<String, Object>> rows() {
    try (Rows<Map<String, Object>> rows = owner.read(SALES).asMaps().rows()) {
      return rows.stream().toList();
    }
  }

  private List<String> quarantined() {
    try (Rows<Map<String, Object>> rows = owner.quarantine(SALES).asMaps().rows()) {
      return rows.stream()
          .map(row -> row.get("row_number") + " " + row.get("reason") + " " + row.get("row"))
          .toList();
    }
  }

  private static Map<String, Object> sale(String id, String day, String note, Long items) {
    Map<String, Object> sale = new HashMap<>();
    sale.put("id", id);
    sale.put("day", LocalDate.parse(day));
    sale.put("note", note);
    sale.put("items", items);
    return sale;
  }

  @Test
  void quotedCellsMayHaveSeparatorsQuotesAndLineBreaks() throws IOException {
    define(Contract.of(Sale.class));

    owner
        .publish(SALES)
        .files(
            file(
                "sales.csv",
                "\uFEFFday, id,items,note\r\n"
                    + "2026-11-20,a,,\"x, \"\"y\"\"\r\n"
                    + "z\"\r\n\r\n"
                    + "2026-11-21,b,2,\"\"\r\n"))
        .commit();

    assertThat(rows())
        .containsExactly(
            sale("a", "2026-11-20", "x, \"y\"\r\nz", null), sale("b", "2026-11-21", "", 2L));
  }

  @Test
  void theFormatHasOtherSeparatorsNullsCharsetsAndNamesOfColumns() throws IOException {
    define(Contract.of(Sale.class));
    Path file = folder.resolve("sales.txt");
    Files.write(file, "a;2026-11-20;NA;Zürich\n".getBytes(StandardCharsets.ISO_8859_1));

    owner
        .publish(SALES)
        .files(
            FileFormat.csv()
                .separator(';')
                .nullTexts("NA")
                .charset(StandardCharsets.ISO_8859_1)
                .columns("id", "day", "items", "note"),
            file)
        .commit();

    assertThat(rows()).containsExactly(sale("a", "2026-11-20", "Zürich", null));
  }

  @Test
  void aNameInTheHeaderIsNoValueThatMeansNull() throws IOException {
    define(Contract.of(Sale.class));

    owner
        .publish(SALES)
        .files(
            FileFormat.csv().nullTexts("note", "items"),
            file("sales.csv", "id,day,note,items\na,2026-11-20,note,items\n"))
        .commit();

    Map<String, Object> row = rows().get(0);
    assertThat(row).containsEntry("note", null).containsEntry("items", null);
  }

  @Test
  void severalFilesAndGzipArePublishedTogether() throws IOException {
    define(Contract.of(Sale.class));
    Path packed = folder.resolve("more.CSV.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write("id,day\nb,2026-11-21\n".getBytes(StandardCharsets.UTF_8));
    }

    PublishReceipt receipt =
        owner.publish(SALES).files(file("sales.csv", "id,day\na,2026-11-20"), packed).commit();

    assertThat(receipt.rowsAccepted()).isEqualTo(2);
    assertThat(rows())
        .containsExactly(sale("a", "2026-11-20", null, null), sale("b", "2026-11-21", null, null));
  }

  @Test
  void aBadLineNamesFileAndLineAndNeverItsValue() throws IOException {
    define(Contract.of(Sale.class));
    Path file =
        file(
            "sales.csv",
            "id,day,note\na,2026-11-20,\"x\ny\"\nb,"
                + CANARY
                + ",\nc,2026-11-20,a,"
                + CANARY
                + "\n");

    ContractViolationException refused =
        catchThrowableOfType(
            ContractViolationException.class, () -> owner.publish(SALES).files(file).commit());

    assertThat(refused.toString() + refused.findings()).doesNotContain(CANARY);
    assertThat(refused.findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.TYPE_MISMATCH, FindingCode.LINE_MALFORMED);
    assertThat(refused.findings().get(0).what())
        .isEqualTo(
            "Column day does not fit in 1 row, first in row 2: a text that is not a date such as"
                + " 2026-11-21, in sales.csv, line 4.");
    assertThat(refused.findings().get(1).what())
        .isEqualTo(
            "The lines of files are not rows in 1 row, first in row 3: the line has 4 cells, but"
                + " there are 3 columns, in sales.csv, line 5.");
    assertThat(rows()).isEmpty();
  }

  @Test
  void aMissingValueAndABrokenRuleNameFileAndLineToo() throws IOException {
    define(Contract.of(Sale.class).require(Rule.atLeast("items", 1)));
    Path first = file("1.csv", "id,day,items\na,2026-11-20,1\n");
    Path second = file("2.csv", "id,day,items\n\"b\nc\",2026-11-20,0\nd,,1\n");

    ContractViolationException refused =
        catchThrowableOfType(
            ContractViolationException.class,
            () -> owner.publish(SALES).files(first, second).commit());

    assertThat(refused)
        .hasMessageContaining(
            "Column day is null or missing, but required in 1 row, first in row 3, in 2.csv, line"
                + " 4.")
        .hasMessageContaining("first in row 2, in 2.csv, line 2");
  }

  @Test
  void aFileThatIsNotOfAvroIsNamed() throws IOException {
    define(Contract.of(Sale.class));
    for (String content : List.of("", "Ob", "PAR1 and more")) {
      Path avro = file("no.avro", content);

      assertThatThrownBy(() -> owner.publish(SALES).files(avro).commit())
          .isInstanceOf(ContractViolationException.class)
          .hasMessageContainingAll("from file no.avro", "it is not an Avro file");
    }
  }

  @Test
  void badLinesAreQuarantinedWithTheirLineNumber() throws IOException {
    define(tolerant().require(Rule.atLeast("items", 1)));
    Path first = file("1.csv", "id,day,items\na,2026-11-20,1\nb,20.11.2026,2\nc,2026-11-20\n");
    Path second = file("2.csv", "items,day,id\n0,2026-11-20,d\n,,e\n");

    PublishReceipt receipt = owner.publish(SALES).files(first, second).commit();

    assertThat(receipt.rowsAccepted()).isEqualTo(1);
    assertThat(receipt.failingRowsByRule())
        .containsEntry("type:malformed-line", 1L)
        .containsEntry("type:day", 2L);
    assertThat(quarantined())
        .containsExactlyInAnyOrder(
            "2 does not fit its columns: day: TYPE_MISMATCH (1.csv, line 3)"
                + " {\"id\":\"b\",\"day\":\"20.11.2026\",\"items\":2}",
            "3 does not fit its columns: LINE_MALFORMED (1.csv, line 4)"
                + " {\"file\":\"1.csv\",\"line\":4}",
            "4 breaks atLeast.items (2.csv, line 2)"
                + " {\"id\":\"d\",\"day\":\"2026-11-20\",\"note\":null,\"items\":0}",
            "5 does not fit its columns: day: REQUIRED_NULL (2.csv, line 3)"
                + " {\"id\":\"e\",\"day\":null,\"note\":null,\"items\":null}");
    assertThat(
            owner
                .erase(SALES)
                .quarantineWhere("rules = 'type:malformed-line'")
                .because("corrected")
                .commit()
                .rowsRemoved())
        .isEqualTo(1);
  }

  @Test
  void anEraseFindsQuarantinedRowsOfFilesByTheirValues() throws IOException {
    define(tolerant());
    owner.publish(SALES).files(file("1.csv", "id,day\na,x\nb,x\n\"\",\nz,2026-11-20\n")).commit();

    owner.erase(SALES).where("id = 'a'").because("asked for").commit();

    assertThat(quarantined()).hasSize(2).noneMatch(row -> row.contains("\"a\""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "id,day,day          | DUPLICATE_COLUMN     | cells 2 and 3",
        "id,day,other        | UNKNOWN_COLUMN       | 'other', cell 3",
        "id,note             | INPUT_COLUMN_MISSING | no column 'day'",
        "a,2026-11-20,x,1,2  | UNKNOWN_COLUMN       | 'a', cell 1"
      })
  void aHeaderThatDoesNotFitRejectsTheFile(String header, FindingCode code, String message)
      throws IOException {
    define(tolerant());
    Path file = file("sales.csv", header + "\n");

    assertThatThrownBy(() -> owner.publish(SALES).files(file).commit())
        .isInstanceOfSatisfying(
            ContractViolationException.class,
            e -> {
              assertThat(e.errorCode()).isEqualTo(ErrorCode.SCHEMA_MISMATCH);
              assertThat(e.findings().get(0).code()).isEqualTo(code);
            })
        .hasMessageContaining("from file sales.csv")
        .hasMessageContaining(message);
  }

  @Test
  void digitsWithALeadingZeroAreNoNumberUnlessTheExampleHasOne() throws IOException {
    define(tolerant());
    String rows = "id,day,items\na,2026-11-20,007\nb,2026-11-20,7\n";

    PublishPlan plan = owner.publish(SALES).files(file("1.csv", rows)).plan();
    assertThat(plan.quality().rowsAccepted()).isEqualTo(1);
    assertThat(plan.findings().get(0).what())
        .contains("digits with a leading zero, which a number does not keep");

    owner
        .publish(SALES)
        .replaceAll()
        .files(FileFormat.csv().numbers("01234.56"), file("2.csv", rows))
        .commit();
    assertThat(rows()).extracting(row -> row.get("items")).containsExactly(7L, 7L);
  }

  @Test
  void aNumberWithAnotherUnitThanTheExampleIsABadValue() throws IOException {
    define(tolerant());

    owner
        .publish(SALES)
        .files(
            FileFormat.csv().numbers("1,234.56 %"),
            file("1.csv", "id,day,items\na,2026-11-20,5 %\nb,2026-11-20,5\nc,2026-11-20,5%\n"))
        .commit();

    assertThat(rows()).extracting(row -> row.get("id")).containsExactly("a", "c");
  }

  @Test
  void linesBeforeTheHeaderAreSkippedWhereItHasTheNames() throws IOException {
    define(tolerant());

    Publish.Files<?> publish =
        owner
            .publish(SALES)
            .files(
                file("1.csv", "Sales of \"November\n\nid,day,items\na,2026-11-20,1\nb,x,2\n"),
                file("2.csv", "sep=;\r\nid;day;items\r\nc;2026-11-20;3\r\n"),
                file("3.csv", "\r\n\r\nid,day,items\r\nd,2026-11-20,4\r\n"),
                file("4.csv", "sep=;\n\nid;day;items\ne;2026-11-20;5\n"));
    publish.commit();

    assertThat(rows()).extracting(row -> row.get("id")).containsExactly("a", "c", "d", "e");
    assertThat(publish.readAs())
        .containsEntry("1.csv", "2 lines skipped at the start")
        .containsEntry("2.csv", "';', 1 line skipped at the start")
        .containsEntry("3.csv", "2 lines skipped at the start")
        .containsEntry("4.csv", "';', 2 lines skipped at the start");
    assertThat(quarantined().get(0)).contains("(1.csv, line 5)");
  }

  @Test
  void cellsWithoutANameMayBeEmptyOnly() throws IOException {
    define(tolerant());

    owner
        .publish(SALES)
        .files(
            file("1.csv", "id,day,items,\na,2026-11-20,1,\nb,2026-11-20,1,x\n"),
            file("2.csv", "id,day,items\nc,2026-11-20,1,\n"),
            file("3.csv", "id,day,items,\nd,2026-11-20,1\n"))
        .commit();

    assertThat(rows()).extracting(row -> row.get("id")).containsExactly("a", "c", "d");
    assertThat(quarantined()).hasSize(1).first().asString().contains("(1.csv, line 3)");
  }

  @Test
  void namesOfColumnsThatAreInTheHeaderTwiceHaveANumber() throws IOException {
    Schema columns =
        SchemaBuilder.record("Row")
            .fields()
            .requiredString("name")
            .requiredString("name_2")
            .requiredString("column_3")
            .endRecord();
    define(Contract.of(columns));

    owner.publish(SALES).files(file("1.csv", "name,name,\na,b,c\n")).commit();

    assertThat(rows()).containsExactly(Map.of("name", "a", "name_2", "b", "column_3", "c"));
  }

  @Test
  void aFileWhoseFirstLineNamesNoColumnIsNotAskedToIgnoreItsValues() throws IOException {
    define(tolerant());
    Path file = file("1.csv", "a,x\nb,y\n");

    assertThatThrownBy(() -> owner.publish(SALES).files(file).commit())
        .hasMessageContaining("If the first line is a row, call withoutHeader()")
        .hasMessageNotContaining("ignoreUnknownColumns");
  }

  @Test
  void aContractStatesTheQuoteAndTheTextsForNull() throws IOException {
    Schema declared = new Schema.Parser().parse(Contract.of(Sale.class).schema().toString());
    new TextFileFormat(':', null, '\'', Set.of("nix"), true).declare(declared);
    define(Contract.of(declared));

    owner
        .publish(SALES)
        .files(file("1.csv", "id:day:note\n'a:b':2026-11-20:nix\nc:2026-11-20:'nix'\n"))
        .commit();

    assertThat(rows())
        .containsExactly(
            sale("a:b", "2026-11-20", null, null), sale("c", "2026-11-20", "nix", null));
  }

  @Test
  void anArrayOfObjectsIsReadLikeLines() throws IOException {
    define(tolerant());

    owner
        .publish(SALES)
        .files(
            file(
                "1.json",
                "\uFEFF [\n"
                    + " {\"id\": \"a\",\n"
                    + " \"day\": \"2026-11-20\"},\n"
                    + " 7,\n"
                    + "{\"id\": \"b\", \"day\": \"x\"}, {\"id\": \"c\", \"day\":"
                    + " \"2026-11-21\"}]\n"))
        .commit();

    assertThat(rows()).extracting(row -> row.get("id")).containsExactly("a", "c");
    assertThat(quarantined()).hasSize(2).anyMatch(row -> row.contains("(1.json, line 5)"));
    Path cut = file("2.json", "[{\"id\": \"d\", \"day\": \"2026-11-20\"}, {\"id\"");
    assertThatThrownBy(() -> owner.publish(SALES).files(cut).commit())
        .hasMessageContaining("it is not one JSON array in or after line 1");
    Path deep = file("3.json", "[{\"id\": " + "[".repeat(70) + "]".repeat(70) + "}]");
    assertThatThrownBy(() -> owner.publish(SALES).files(deep).commit())
        .hasMessageContaining("in or after line 1 exceeds a limit of depth or length");
  }

  @Test
  void unknownColumnsAreIgnoredIfAskedFor() throws IOException {
    define(Contract.of(Sale.class));
    owner
        .publish(SALES)
        .ignoreUnknownColumns()
        .files(file("1.csv", "other,id,day,other\nx,a,2026-11-20,y\n"))
        .commit();
    owner
        .publish(SALES)
        .ignoreUnknownColumns()
        .files(file("2.jsonl", "{\"id\":\"b\",\"x\":{\"y\":[1,{}]},\"day\":\"2026-11-21\"}"))
        .commit();
    Schema written =
        SchemaBuilder.record("Any")
            .fields()
            .requiredString("extra")
            .name("day")
            .type(Schema.create(Schema.Type.INT))
            .noDefault()
            .requiredString("id")
            .endRecord();
    LogicalTypes.date().addToSchema(written.getField("day").schema());
    Path avro = folder.resolve("3.avro");
    try (DataFileWriter<GenericRecord> out =
        new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(written))) {
      out.create(written, avro.toFile());
      out.append(
          new GenericRecordBuilder(written)
              .set("extra", "x")
              .set("id", "c")
              .set("day", (int) LocalDate.parse("2026-11-22").toEpochDay())
              .build());
    }
    assertThatThrownBy(() -> owner.publish(SALES).files(avro).commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContainingAll("from file 3.avro", "extra");
    owner.publish(SALES).ignoreUnknownColumns().files(avro).commit();

    assertThat(rows())
        .containsExactly(
            sale("a", "2026-11-20", null, null),
            sale("b", "2026-11-21", null, null),
            sale("c", "2026-11-22", null, null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "id,day\\na,\"2026-11-20\\nb    | line 2 is never closed",
        "id,day\\na,\"2026-11-20\"x     | closing quote of a cell in line 2",
        "``                              | it is empty"
      })
  void aFileWithoutEndOfACellIsRejectedAsAWhole(String text, String message) throws IOException {
    define(tolerant());
    Path file = file("sales.csv", text.replace("\\n", "\n"));

    assertThatThrownBy(() -> owner.publish(SALES).files(file).commit())
        .isInstanceOfSatisfying(
            ContractViolationException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.FILE_MALFORMED))
        .hasMessageContaining(message);
  }

  @Test
  void textInAnotherCharsetIsRejectedWithItsLine() throws IOException {
    define(tolerant());
    Path file = folder.resolve("latin.csv");
    Files.write(file, "id,day\nZürich,2026-11-20\n".getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(
            () ->
                owner
                    .publish(SALES)
                    .files(FileFormat.csv().charset(StandardCharsets.UTF_8), file)
                    .commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContainingAll("it is not UTF-8 text", "charset(..)");
  }

  @Test
  void whatIsNotStatedIsAsTheFileShowsWithoutDoubt() throws IOException {
    define(tolerant());
    Path latin = folder.resolve("latin.csv");
    Files.write(latin, "id;day\nZürich;2026-11-20\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(owner.publish(SALES).files(latin).commit().rowsAccepted()).isEqualTo(1);
    Path headless = file("headless.csv", "a,2026-11-20,x,1\n");
    assertThat(owner.publish(SALES).files(headless).commit().rowsAccepted()).isEqualTo(1);
    assertThat(rows()).extracting(row -> row.get("id")).contains("Zürich", "a");
  }

  @Test
  void optionsStateHowValuesAreWritten() throws IOException {
    define(tolerant());
    Path file = file("forms.csv", "id|day\n'a|b'|20.11.2026\n c |21.11.2026\nd|31.02.2026\n");
    FileFormat format = FileFormat.csv().separator('|').quote('\'').dates("dd.MM.yyyy").trim();
    assertThat(owner.publish(SALES).files(format, file).commit().rowsAccepted()).isEqualTo(2);
    assertThat(rows()).extracting(row -> row.get("id")).contains("a|b", "c");
    assertThatThrownBy(
            () -> owner.publish(SALES).files(FileFormat.csv().form("days", "d.M.yy"), file).plan())
        .hasMessageContaining("'days', which the contract lacks");
    assertThatThrownBy(
            () -> owner.publish(SALES).files(FileFormat.csv().dates("dd.MM."), file).plan())
        .hasMessageContaining("needs a day, a month, and a year");
  }

  @Test
  void jsonLinesHaveNestedValues() throws IOException {
    owner.defineProduct(SALES).contract(Contract.of(Visit.class)).commit();

    owner
        .publish(SALES)
        .files(
            file(
                "visits.ndjson",
                """
                \uFEFF{"id":"a","place":{"zip":"10115","floors":[1,2]},"seen":{"x":"2026-11-20T08:00:00+01:00"}}

                  {"place":null,"id":"b"}
                """))
        .commit();

    assertThat(rows())
        .extracting(row -> row.get("id"), row -> row.get("place"), row -> row.get("seen"))
        .containsExactly(
            tuple(
                "a",
                Map.of("zip", "10115", "floors", List.of(1, 2)),
                Map.of("x", Instant.parse("2026-11-20T07:00:00Z"))),
            tuple("b", null, null));
  }

  @Test
  void eachBadLineOfJsonIsOneBadRow() throws IOException {
    owner
        .defineProduct(SALES)
        .contract(
            Contract.of(Visit.class).onViolation(OnViolation.QUARANTINE).maxQuarantineShare(100))
        .commit();
    Path file = folder.resolve("visits.jsonl");
    try (OutputStream out = Files.newOutputStream(file)) {
      for (String line :
          List.of(
              "{\"id\":\"a\"}",
              "{\"id\":\"b\",\"place\":{\"zip\":\"1\",\"floors\":[1,\"x\"]}}",
              "{\"id\":\"c\",\"place\":[]}",
              "{\"id\":7}",
              "{\"id\":\"d\",\"id\":\"e\"}",
              "{\"id\":\"f\"",
              "[1]",
              "{\"id\":\"g\"} {}",
              "{\"id\":\"h\",\"zzz\":1}",
              "{\"id\":\"i\",\"seen\":{\"x\":\"2026-11-20T08:00:00\"}}",
              "{\"x\":" + "[".repeat(10_000),
              "{\"id\":\"" + "x".repeat(17 << 20) + "\"}",
              "{\"id\":\"z\"}")) {
        out.write(line.getBytes(StandardCharsets.UTF_8));
        out.write('\n');
      }
      out.write(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}', '\n'});
    }

    PublishReceipt receipt = owner.publish(SALES).files(file).commit();

    assertThat(rows()).extracting(row -> row.get("id")).containsExactly("a", "z");
    assertThat(quarantined())
        .hasSize(12)
        .contains(
            "4 does not fit its columns: id: TYPE_MISMATCH (visits.jsonl, line 4) {\"id\":\"7\"}",
            "6 does not fit its columns: LINE_MALFORMED (visits.jsonl, line 6)"
                + " {\"file\":\"visits.jsonl\",\"line\":6}",
            "9 does not fit its columns: zzz: UNKNOWN_COLUMN (visits.jsonl, line 9)"
                + " {\"id\":\"h\",\"zzz\":\"1\"}");
    assertThat(receipt.failingRowsByRule())
        .containsEntry("type:malformed-line", 7L)
        .containsEntry("type:id", 1L);
  }

  @Test
  void aNumberWhoseExponentNoTypeHoldsIsABadValueWithItsText() throws IOException {
    owner
        .defineProduct(SALES)
        .contract(
            Contract.of(Visit.class).onViolation(OnViolation.QUARANTINE).maxQuarantineShare(100))
        .commit();
    Path json =
        file(
            "visits.jsonl",
            """
            {"id":1e99999999999}
            {"id":"b","zzz":[-1E-99999999999]}
            {"id":"c","place":{"zip":"1","floors":[1e99999999999,1e999999999]}}
            {"id":1e999999999}
            {"id":"x"}
            """);
    Path csv =
        file("visits.csv", "id,place\ny,\nd,1e99999999999\ne,\"{\"\"zip\"\":1e99999999999}\"\n");

    owner.publish(SALES).files(json).commit();
    owner.publish(SALES).files(csv).commit();

    assertThat(rows()).extracting(row -> row.get("id")).containsExactly("x", "y");
    assertThat(quarantined())
        .hasSize(6)
        .contains(
            "1 does not fit its columns: id: TYPE_MISMATCH (visits.jsonl, line 1)"
                + " {\"id\":\"1e99999999999\"}",
            "4 does not fit its columns: id: TYPE_MISMATCH (visits.jsonl, line 4)"
                + " {\"id\":\"1E+999999999\"}");
  }

  @Test
  void aDamagedAvroFileIsRejectedWithinLimits() throws IOException {
    define(tolerant());
    Schema schema = Contract.of(Sale.class).schema();
    Path good = folder.resolve("good.avro");
    try (DataFileWriter<GenericRecord> out =
        new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(schema))) {
      out.create(schema, good.toFile());
      for (int i = 0; i < 100; i++) {
        out.append(
            new GenericRecordBuilder(schema)
                .set("id", CANARY + i)
                .set("day", 20_000)
                .set("note", null)
                .set("items", null)
                .build());
      }
    }
    byte[] bytes = Files.readAllBytes(good);
    Random random = new Random(17);
    for (int i = 0; i < 100; i++) {
      byte[] damaged = bytes.clone();
      int end = i % 3 == 0 ? random.nextInt(bytes.length) : bytes.length;
      for (int flip = 0; flip < 3; flip++) {
        damaged[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      Path file = folder.resolve("damaged.avro");
      Files.write(file, Arrays.copyOf(damaged, end));
      try {
        assertThat(owner.publish(SALES).files(file).plan().toString()).isNotEmpty();
      } catch (ContractViolationException | InvalidRequestException e) {
        assertThat(e).as("seed 17, file " + i).hasMessageNotContaining(CANARY);
      }
    }
  }

  @Test
  void filesOfSeveralFormatsAreRefused() throws IOException {
    define(tolerant());
    Path csv = file("1.csv", "id,day\n");
    Path json = file("2.jsonl", "");

    assertThatThrownBy(() -> owner.publish(SALES).files(csv, json).commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("several formats: 1.csv and 2.jsonl");
    assertThatThrownBy(() -> owner.publish(SALES).files(folder.resolve("none.csv")).commit())
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.SOURCE_UNREADABLE));
    assertThatThrownBy(
            () -> owner.publish(SALES).files(FileFormat.jsonLines(), folder.resolve("no")).commit())
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void aKeyKnowsTheFileAndItsFormat() throws IOException {
    define(Contract.of(Sale.class));
    Path file = file("1.csv", "id,day\na,2026-11-20\n");

    PublishReceipt first = owner.publish(SALES).files(file).idempotencyKey("k").commit();
    PublishReceipt again = owner.publish(SALES).files(file).idempotencyKey("k").commit();

    assertThat(again.replayed()).isTrue();
    assertThat(again.publishId()).isEqualTo(first.publishId());
    assertThatThrownBy(
            () ->
                owner
                    .publish(SALES)
                    .files(FileFormat.csv().nullTexts("NA"), file)
                    .idempotencyKey("k")
                    .commit())
        .hasMessageContaining("k");
    assertThat(rows()).hasSize(1);
  }
}
