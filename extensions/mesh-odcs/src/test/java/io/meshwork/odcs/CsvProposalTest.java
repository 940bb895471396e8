package io.meshwork.odcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.internal.condition.RowCondition.InSet;
import io.meshwork.internal.contract.RuleConditions;
import io.meshwork.odcs.ContractProposal.Evidence;
import io.meshwork.odcs.internal.profile.NullabilityInference;
import io.meshwork.product.Classification;
import io.meshwork.publish.Publish.FileFormat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvProposalTest {
  @TempDir private Path folder;

  private static ContractProposal csv(String text) {
    return ContractProposal.fromCsv(
        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), FileFormat.csv());
  }

  private static String type(ContractProposal proposal, String column) {
    Schema schema = proposal.contract().schema().getField(column).schema();
    String optional = schema.isNullable() ? "?" : "";
    Schema type = NullabilityInference.value(schema);
    return (type.getLogicalType() == null
            ? type.getType().getName()
            : type.getLogicalType() instanceof org.apache.avro.LogicalTypes.Decimal decimal
                ? "decimal(" + decimal.getPrecision() + "," + decimal.getScale() + ")"
                : type.getLogicalType().getName())
        + optional;
  }

  private static List<String> types(ContractProposal proposal) {
    return proposal.contract().schema().getFields().stream()
        .map(field -> type(proposal, field.name()))
        .toList();
  }

  private static List<String> facts(ContractProposal proposal, String column) {
    return proposal.evidence(column).stream().map(Evidence::fact).toList();
  }

  private static String rows(int count, String row) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> row.replace("#", String.valueOf(i)))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  @Test
  void aFileIsReadInTheCharsetOfItsFormat() {
    String text = "city,n\n" + rows(50, "Zürich,#") + rows(50, "Genf,#");
    byte[] latin = text.getBytes(StandardCharsets.ISO_8859_1);
    ContractProposal proposal =
        ContractProposal.fromCsv(
            new ByteArrayInputStream(latin), FileFormat.csv().charset(StandardCharsets.ISO_8859_1));
    assertThat(proposal.asYaml()).contains("Zürich");
    ContractProposal detected =
        ContractProposal.fromCsv(new ByteArrayInputStream(latin), FileFormat.csv());
    assertThat(detected.asYaml()).contains("Zürich");
    assertThat(detected.readAs()).isEqualTo("windows-1252");
    assertThatThrownBy(
            () ->
                ContractProposal.fromCsv(
                    new ByteArrayInputStream(latin),
                    FileFormat.csv().charset(StandardCharsets.UTF_8)))
        .hasMessageContainingAll("it is not UTF-8 text in or after line 1", "charset(..)");
  }

  @Test
  void numbersOfThreeDigitsAfterASeparatorAreNotGuessed() {
    for (String file :
        List.of(
            "item;kg\na;1,250\nb;2,500\nc;3\n",
            "item;pieces\na;1.234\nb;999\nc;12.500\n",
            "place;latitude;price\na;48.137;1,50\nb;52.520;2,00\n")) {
      ContractProposal open = csv(file);
      assertThat(types(open)).as(file).startsWith("string", "string");
      assertThat(open.notes()).as(file).anyMatch(note -> note.contains("1.234,56 or 1,234.56"));
    }
    assertThat(csv("place,latitude\na,48.137\nb,52.520\n").notes())
        .as("of a file with commas")
        .isEmpty();
  }

  @Test
  void datesInBothOrdersAreNotGuessed() {
    ContractProposal open =
        csv("day,n\n" + rows(100, "05/06/2026,#") + "13/05/2026,1\n05/13/2026,2\n");

    assertThat(types(open)).containsExactly("string", "long");
    assertThat(open.notes()).anyMatch(note -> note.contains("day and month"));
  }

  @Test
  void aDashIsAValueWhereTextsAreFewAndNullAmongNumbers() {
    Schema columns = csv("rhesus,n\n" + rows(30, "+,#") + rows(30, "-,-")).contract().schema();

    assertThat(columns.getField("rhesus").getObjectProp("meshwork.textForm")).isNull();
    assertThat(columns.getField("n").getObjectProp("meshwork.textForm")).hasToString("{nulls=[-]}");
  }

  @Test
  void aDamagedCharacterDoesNotChangeTheCharsetOfTheOthers() {
    byte[] utf8 = ("city;n\n" + rows(50, "Jörg;#")).getBytes(StandardCharsets.UTF_8);
    byte[] other = "Groß;1\n".getBytes(StandardCharsets.ISO_8859_1);
    byte[] both = Arrays.copyOf(utf8, utf8.length + other.length);
    System.arraycopy(other, 0, both, utf8.length, other.length);

    assertThatThrownBy(
            () -> ContractProposal.fromCsv(new ByteArrayInputStream(both), FileFormat.csv()))
        .hasMessageContaining("it is not UTF-8 text");
  }

  @Test
  void lettersOfAnyLanguageStayReadableInYamlAndInvisibleCharactersDoNot() {
    assertThat(csv("city,n\n" + rows(50, "Zürich,#") + rows(50, "東京,#")).asYaml())
        .contains("Zürich", "東京");
    assertThat(csv("city,n\n" + rows(50, "a\u202Eb,#") + rows(50, "Genf,#")).asYaml())
        .contains("a\\u202eb")
        .doesNotContain("\u202E");
  }

  @Test
  void whatAnotherFileExceedsIsEvidenceAndNoRule() {
    ContractProposal proposal =
        csv("amount,quantity,note\n" + rows(50, "#.5,1,note #") + rows(50, "#.25,2,note #"));
    assertThat(proposal.contract().rules())
        .extracting(Rule::kind)
        .containsExactly(Rule.Kind.UNIQUE);
    assertThat(facts(proposal, "amount")).contains("1.25 to 50.5");
    assertThat(facts(proposal, "quantity")).contains("1, 2");
    assertThat(facts(proposal, "note")).contains("6 to 7 characters");
  }

  @Test
  void typesAreReadOffTheForms() {
    ContractProposal proposal =
        csv(
            "whole,amount,big,floating,day,time,local,instant,flag,key,text\n"
                + "1,12.50,9223372036854775808,1e+3,2026-01-31,10:00:00,2026-01-31T10:00:00,"
                + "2026-01-31T10:00:00Z,true,123e4567-e89b-12d3-a456-426614174000,a\n"
                + "-7,3,1,0.5,2026-02-01,10:00:00.5,2026-01-31 10:00,2026-01-31 10:00:00+01:00,"
                + "FALSE,123E4567-E89B-12D3-A456-426614174000,2026-02-30\n");

    assertThat(types(proposal))
        .containsExactly(
            "long",
            "decimal(18,2)",
            "decimal(38,0)",
            "double",
            "date",
            "time-micros",
            "local-timestamp-micros",
            "timestamp-micros",
            "boolean",
            "uuid",
            "string");
    assertThat(facts(proposal, "amount"))
        .contains("at most 2 before the decimal point and 2 after it");
  }

  @Test
  void wholeNumbersOfMoreDigitsThanADecimalKeepsAreTextsSoThatNoneIsLost() {
    String digits = "1234567890123456789012345678901234567890";
    ContractProposal proposal =
        csv(
            "whole,mixed,measure\n"
                + (digits + ",1," + digits + "\n")
                + ("-" + digits + "," + digits + ",0.5\n"));

    assertThat(types(proposal)).containsExactly("string", "string", "double");
    String why =
        " stays text: its whole numbers have up to 40 digits, and a decimal has at most 38";
    assertThat(proposal.notes()).containsExactly("column whole" + why, "column mixed" + why);
    assertThat(facts(proposal, "whole")).contains(why.strip());
    assertThat(facts(proposal, "measure"))
        .contains("more than 38 digits: a double, which rounds them");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.234.567.890.123.456.789.012.345.678.901.234.567.890|12.000",
        "1.234.567.890.123.456.789.012.345.678.901.234.567.890",
        "1234567890123456789012345678901234567890|7",
        "1234567890123456789012345678901234567890|1.000"
      })
  void wholeNumbersOfMoreThan38DigitsAreTextsWithADecimalCommaToo(String values) {
    String file = "n;x\n1,5;" + values.replace("|", "\n2,5;") + "\n";
    ContractProposal stated =
        ContractProposal.fromCsv(
            new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8)),
            FileFormat.csv().useDecimalComma());

    assertThat(types(stated)).as(file).containsExactly("decimal(18,1)", "string");
    assertThat(stated.notes())
        .containsExactly(
            "column x stays text: its whole numbers have up to 40 digits, and a decimal has at most"
                + " 38");
    assertThat(stated.skippedRows()).isZero();
    assertThat(types(csv(file))).containsExactly("decimal(18,1)", "string");
  }

  @Test
  void oneOfManyNumbersWithMoreThan38DigitsMakesTheColumnText() {
    ContractProposal proposal =
        csv("x,n\n" + rows(150, "#,#") + "-,1\n" + "9".repeat(39) + ",1\nx,2\n");

    assertThat(types(proposal)).first().isEqualTo("string?");
    assertThat(proposal.skippedRows()).isZero();
    assertThat(proposal.notes())
        .containsExactly(
            "column x stays text: its whole numbers have up to 39 digits, and a decimal has at most"
                + " 38");
  }

  @Test
  void leadingZerosStayText() {
    ContractProposal proposal = csv("zip,code\n00501,1\n10115,0\n");

    assertThat(types(proposal)).containsExactly("string", "long");
    assertThat(facts(proposal, "zip"))
        .contains("text: digits with a leading zero in 1 value", "5 characters");
    ContractProposal many = csv("id,zip\n" + rows(12, "#,00501") + rows(12, "#,10115"));
    assertThat(many.contract().rules())
        .extracting(Rule::toString)
        .containsExactly("inSet(zip, '00501', '10115')", "unique(id, zip)");
  }

  @Test
  void fewValuesOfAnotherKindResultInText() {
    ContractProposal proposal = csv("a\n" + rows(20, "#") + "x\ny\n");

    assertThat(types(proposal)).containsExactly("string");
    assertThat(facts(proposal, "a")).contains("20 whole numbers, 2 texts: text");
    assertThat(proposal.contract().rules()).extracting(Rule::toString).containsExactly("unique(a)");
  }

  @Test
  void theTypeOfNinetyNineInAHundredIsProposedAndTheOtherLinesAreSkipped() {
    ContractProposal proposal = csv("a,b\n" + rows(200, "#,x") + "secret,x\n5,y,z\n");

    assertThat(types(proposal)).containsExactly("long", "string");
    assertThat(proposal.rows()).isEqualTo(200);
    assertThat(proposal.skippedRows()).isEqualTo(2);
    assertThat(proposal.skipped())
        .containsExactly(
            "line 202 has a value in 'a' that is not a number",
            "line 203 has 3 cells, but the file has 2 columns");
  }

  @Test
  void textsForNullAreRecognizedUnlessTheyMayBeWords() {
    String rows = rows(30, "#,name #,DE,a") + rows(3, "NULL,N/A,NA,None");
    ContractProposal proposal = csv("n,text,country,size\n" + rows);

    assertThat(types(proposal)).containsExactly("long?", "string?", "string", "string");
    assertThat(facts(proposal, "n")).contains("\"NULL\" is null");
  }

  @Test
  void dayAndMonthAreNeverGuessed() {
    ContractProposal open = csv("day,n\n" + rows(30, "05/06/2026,#"));
    assertThat(types(open)).containsExactly("string", "long");
    assertThat(open.notes())
        .containsExactly(
            "column day stays text: day and month can be swapped: say which is first, such as"
                + " dd/MM/yyyy or MM/dd/yyyy");

    ContractProposal stated =
        ContractProposal.fromCsv(
            new ByteArrayInputStream(
                ("day,n\n" + rows(30, "05/06/2026,#")).getBytes(StandardCharsets.UTF_8)),
            FileFormat.csv().dates("dd/MM/yyyy"));
    assertThat(types(stated)).containsExactly("date", "long");
    assertThat(facts(stated, "day")).contains("2026-06-05 to 2026-06-05");

    ContractProposal shown =
        csv("day,due,n\n" + rows(30, "05/06/2026,05/07/2026,#") + "01/02/2026,31/12/2026,31\n");
    assertThat(types(shown)).containsExactly("date", "date", "long");
    assertThat(shown.readAs()).isEqualTo("dd/MM/yyyy in day and due");
    assertThat(shown.notes())
        .containsExactly(
            "column day is read as dd/MM/yyyy, because only column 'due' shows whether the day or"
                + " the month is first");
    ContractProposal named =
        csv("day,due,n\n" + rows(30, "05-Jun-2026,05/07/2026,#") + "01-Feb-2026,31/12/2026,31\n");
    assertThat(types(named)).containsExactly("date", "date", "long");
    assertThat(named.notes()).as("a month that is named is open to no doubt").isEmpty();
  }

  @Test
  void formsAreInTheDocumentAndInJava() throws Exception {
    ContractProposal proposal =
        ContractProposal.fromCsv(
            new ByteArrayInputStream(
                rows(30, "#;1.234,5#;07.02.2026;Ja;x@y.de;NULL")
                    .concat(rows(30, "#;2,5#;28.02.2026;Nein;x@y.de;1"))
                    .getBytes(StandardCharsets.ISO_8859_1)),
            FileFormat.csv());
    assertThat(proposal.readAs())
        .isEqualTo(
            "';', no header, Ja/Nein in column_4, dd.MM.yyyy in column_3, decimal comma in"
                + " column_2, 'NULL' is null in column_6");
    Contract contract = proposal.contract();
    assertThat(contract.schema().toString())
        .contains("\"meshwork.textForm\":{\"format\":\"dd.MM.yyyy\"}");
    assertThat(contract.classificationOf("column_5")).isEqualTo(Classification.CONFIDENTIAL);
    Contract read = OdcsDocument.parse(proposal.asYaml()).contract();
    assertThat(read.schema().toString().replace("\"row\"", "\"Row\""))
        .isEqualTo(contract.schema().toString());
    assertThat(OdcsDocument.parse(OdcsExport.of(contract).asYaml()).contract().schema())
        .isEqualTo(contract.schema());
    assertThat(CompiledProposal.contract(proposal, folder)).isEqualTo(contract);
    assertThatThrownBy(
            () -> OdcsDocument.parse(proposal.asYaml().replace("dd.MM.yyyy", "dd.MM.")).contract())
        .hasMessageContaining("needs a day, a month, and a year");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "date",
        "order_date",
        "OrderDate",
        "Buchungsdatum",
        "BUDAT",
        "Liefertag",
        "day",
        "dt",
        "load_dt",
        "valid_on",
        "createdAt",
        "Fecha de pago"
      })
  void digitsOfDaysAreDatesIfTheNameSaysSo(String name) {
    ContractProposal proposal = csv(name + ",n\n20260206,1\n19991231,2\n20240229,3\n");

    assertThat(types(proposal)).containsExactly("date", "long");
    assertThat(proposal.readAs()).startsWith("yyyyMMdd in ");
    assertThat(facts(proposal, proposal.contract().schema().getFields().get(0).name()))
        .contains("1999-12-31 to 2026-02-06");
    assertThat(OdcsDocument.parse(proposal.asYaml()).contract().schema().toString())
        .contains("yyyyMMdd");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "order,20260206", "date_id,20260206", "DateKey,20260206", "order_date,20261306",
        "order_date,20260230", "order_date,18991231", "order_date,21010101", "stage,20260206",
        "update_nr,20260206", "station,20260206"
      })
  void otherDigitsStayNumbers(String column) {
    String[] parts = column.split(",", -1);
    ContractProposal proposal = csv(parts[0] + ",n\n20260206,1\n" + parts[1] + ",2\n");

    assertThat(types(proposal)).containsExactly("long", "long");
  }

  @Test
  void negativeNumbersOfAccountingAreNumbers() {
    ContractProposal proposal =
        csv(
            "credit,dollars,sap,minus,units,hours\n"
                + "(1234.50),\"($1,234.50)\",\"54.213,60-\",1.50−,(12),7.25-\n"
                + "(8.50),($9.50),\"2,5-\",1.50−,(3),7.25-\n"
                + rows(40, "3#.50,$2.50,\"1.234,#\",2.50,#,3.25"));

    assertThat(types(proposal))
        .containsExactly(
            "decimal(18,2)",
            "decimal(18,2)",
            "decimal(18,2)",
            "decimal(18,2)",
            "long",
            "decimal(18,2)");
    assertThat(facts(proposal, "credit")).contains("-1234.50 to 340.50");
    assertThat(facts(proposal, "sap")).contains("-54213.60 to 1234.9");
    assertThat(facts(proposal, "dollars")).contains("-1234.50 to 2.50");
    assertThat(facts(proposal, "units")).contains("-12 to 40");
    assertThat(OdcsDocument.parse(proposal.asYaml()).contract().schema().toString())
        .contains("1.234,56", "$ 1,234.56");
  }

  @Test
  void aNoteOfOneValueIsInTheSingular() {
    assertThat(csv("k,n,day\n1,1,2026-02-06\n2,x,soon\n").notes())
        .containsExactly(
            "column n stays text: 1 of 2 values is not a number, such as 'x'",
            "column day stays text: 1 of 2 values is not a date, such as 'soon'");
  }

  @Test
  void codesInParenthesesAndSizesStayText() {
    ContractProposal proposal =
        csv("code,note,size\n" + rows(30, "(12),text,12-") + rows(30, "(#),(12),#-"));

    assertThat(types(proposal)).containsOnly("string");
    assertThat(proposal.notes())
        .anyMatch(note -> note.startsWith("column code stays text: its values can be negative"));
  }

  @Test
  void codesStayText() {
    ContractProposal proposal =
        csv(
            "phone,article,iban,version,zip\n"
                + rows(30, "15053564920,12E#,DE17305715157759885196,1.2.#,90210"));

    assertThat(types(proposal)).containsOnly("string");
  }

  @Test
  void namesThatPeopleWriteAreReadableAndNeverAlike() {
    ContractProposal proposal =
        csv("Größe,Straße,Prénom,Order ID,order id,Order_ID,价格,价\n" + rows(12, "a,b,c,d,e,f,g,h"));

    assertThat(proposal.contract().schema().getFields())
        .extracting(Schema.Field::name)
        .containsExactly(
            "Groesse",
            "Strasse",
            "Prenom",
            "Order_ID_2",
            "order_id_3",
            "Order_ID",
            "column_7",
            "column_8");
  }

  @Test
  void nothingIsNullAndTwoQuotesAreAnEmptyText() {
    ContractProposal proposal = csv("a,b,c\n,\"\",1\n,x,\n");

    assertThat(types(proposal)).containsExactly("string?", "string", "long?");
    assertThat(facts(proposal, "a"))
        .containsExactly("2 nulls in 2 rows", "no values: the type in the file, otherwise text");
    assertThat(facts(proposal, "b")).contains("0 nulls in 2 rows", "0 to 1 character");
  }

  @Test
  void textsForNullCanBeConfigured() {
    ContractProposal proposal =
        ContractProposal.fromCsv(
            new ByteArrayInputStream("1;NA\nNA;\"NA\"\n".getBytes(StandardCharsets.UTF_8)),
            FileFormat.csv().separator(';').nullTexts("NA", "null").columns("a", "b"));

    assertThat(types(proposal)).containsExactly("long?", "string?");
    assertThat(proposal.rows()).isEqualTo(2);
  }

  @Test
  void quotedCellsHoldSeparatorsQuotesAndLines() {
    ContractProposal proposal =
        csv("\uFEFF\"id\",\"note\"\r\n" + "1,\"a, \"\"b\"\"\r\nand c\"\r\n2,\"d\"\r\n\r\n");

    assertThat(proposal.rows()).isEqualTo(2);
    assertThat(facts(proposal, "note")).contains("1 to 13 characters");
    assertThat(types(proposal)).containsExactly("long", "string");
  }

  @Test
  void namesAreConvertedWithEvidence() throws Exception {
    ContractProposal proposal =
        csv("Order Id,2nd,class,toString,_mesh_x,Preis (€)\n" + rows(12, "#,a,b,c,d,#"));

    assertThat(proposal.contract().schema().getFields())
        .extracting(Schema.Field::name)
        .containsExactly("Order_Id", "_2nd", "class", "toString", "c_mesh_x", "Preis");
    assertThat(facts(proposal, "Order_Id")).contains("called \"Order Id\" in the data");
    assertThat(proposal.asJava())
        .contains("@Column(\"class\") String class_", "@Column(\"toString\") String toString_");
    assertThat(CompiledProposal.contract(proposal, folder)).isEqualTo(proposal.contract());
  }

  @Test
  void aUniqueColumnIsAKey() {
    ContractProposal proposal = csv("id,day,n\n" + rows(12, "#,2026-01-01,1"));

    assertThat(facts(proposal, "id")).contains("unique in 12 rows");
    assertThat(proposal.contract().rules())
        .extracting(Rule::toString)
        .containsExactly("unique(id)");
  }

  @Test
  void twoColumnsMayMakeAKeyTogether() {
    String text =
        IntStream.range(0, 40)
            .mapToObj(i -> "o-" + i / 4 + "," + i % 4 + ",x\n")
            .collect(Collectors.joining("", "order,line,other\n", ""));
    ContractProposal proposal = csv(text);

    assertThat(facts(proposal, "order, line")).containsExactly("unique in 40 rows");
    assertThat(proposal.contract().rules())
        .extracting(Rule::toString)
        .containsExactly(
            "matches(order, '[a-z]-[0-9]')", "inSet(other, 'x')", "unique(order, line)");
  }

  @Test
  void aKeyOfTheFirstRowsHasEvidenceOfTheLimit() {
    StringBuilder text = new StringBuilder("a,b\n");
    int rows = 101_000;
    for (int i = 0; i < rows; i++) {
      text.append(i / 400).append(',').append(i % 400).append('\n');
    }
    ContractProposal proposal = csv(text.toString());

    assertThat(facts(proposal, "a, b"))
        .containsExactly(
            "unique in the first 100,000 of 101,000 rows; the others were not checked");
  }

  @Test
  void theWayTextsAreBuiltIsAPattern() {
    ContractProposal proposal = csv("id,iban,name\n" + rows(15, "AB-#,DE00 1234,Anna Maria #"));

    assertThat(facts(proposal, "id")).contains("all match [A-Z]{2}-[0-9]+");
    assertThat(proposal.contract().rules())
        .extracting(Rule::toString)
        .contains("matches(id, '[A-Z]{2}-[0-9]+')")
        .noneMatch(rule -> rule.contains("DE00") || rule.contains("length(name"));
  }

  @Test
  void theSeparatorIsDetectedFromTheFirstLine() throws IOException {
    Path file = folder.resolve("orders 2026-01.csv");
    Files.writeString(file, "\"a,b\";c\tx;d\n1;2;3\n");
    ContractProposal proposal = ContractProposal.from(file);

    assertThat(proposal.contract().schema().getFields())
        .extracting(Schema.Field::name)
        .containsExactly("a_b", "c_x", "d");
    assertThat(proposal.asJava()).contains("public record Orders(");
  }

  @Test
  void whateverTheValuesAreTheJavaCompiles() throws Exception {
    String odd = "\\u000a */ ${x} \" ü 😀 \\";
    ContractProposal proposal =
        csv(
            "text,amount,big,day\n"
                + rows(
                    12,
                    "\"" + odd.replace("\"", "\"\"") + "\",0.#,1234567890123456789012.#,2026-01-01")
                + "x,1,2,\n");
    Contract contract = CompiledProposal.contract(proposal, folder);

    assertThat(contract).isEqualTo(proposal.contract());
    assertThat(contract.rules()).extracting(Rule::kind).containsExactly(Rule.Kind.IN_SET);
    assertThat(RuleConditions.of(contract.rules().get(0)))
        .isInstanceOfSatisfying(
            InSet.class, set -> assertThat(set.values()).containsExactly(odd, "x"));
  }

  @Test
  void wordsOfJavaAreNamesOfColumnsAllTheSame() throws Exception {
    String words = "while,true,null,_,int,var,record,yield,contract,wait,strictfp,goto,String";
    ContractProposal proposal = csv(words + "\n" + words.replaceAll("[^,]+", "x") + "\n");

    assertThat(CompiledProposal.contract(proposal, folder)).isEqualTo(proposal.contract());
    assertThat(proposal.contract().schema().getFields())
        .extracting(Schema.Field::name)
        .containsExactly(words.split(",", -1));
  }

  @Test
  void moreColumnsThanARecordHasAreGivenAsASchema() throws Exception {
    String names = IntStream.range(0, 300).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
    String row = IntStream.range(0, 300).mapToObj(i -> "#").collect(Collectors.joining(","));
    ContractProposal proposal = csv(names + "\n" + rows(12, row));

    assertThat(proposal.asJava()).contains("public final class Row {", "new Schema.Parser()");
    assertThat(CompiledProposal.contract(proposal, folder)).isEqualTo(proposal.contract());
  }

  private static void isText(String column, String values) {
    ContractProposal proposal = csv(column + ",n\n" + values);
    assertThat(types(proposal)).as(values).first().isEqualTo("string");
  }

  private static void isTextWithNote(String column, String values, String note) {
    isText(column, values);
    assertThat(csv(column + ",n\n" + values).notes()).as(values).anyMatch(n -> n.contains(note));
  }

  @Test
  void addressesAndVersionsAreNeitherNumbersNorDates() {
    isText("ip", rows(30, "192.168.100.101,#"));
    isTextWithNote("host", rows(30, "192.168.100.101,#") + "10.200.100.123,1\n", "an address");
    isTextWithNote("x", rows(30, "100.200.300,#"), "a version");
    isText("x", rows(200, "192.168.100.101,#") + "\"1,5\",1\n");
    isTextWithNote("x", rows(9, "10.4.11,#") + "1.5.12,1\n", "versions or dates");
    isTextWithNote("x", rows(9, "2024.1.3,#"), "versions or dates");
    isText("x", rows(9, "1.2.3,#") + "10.4.11,1\n");
    isText("App version", rows(9, "1.1#,#"));

    assertThat(types(csv("x;n\n1.234;1\n12.345.678;2\n999;3\n"))).first().isEqualTo("long");
    assertThat(types(csv("x;n\n1.234.567,50;1\n1.234.568,50;2\n")))
        .first()
        .isEqualTo("decimal(18,2)");
    assertThat(types(csv("Datum;n\n5.3.26;1\n6.4.26;2\n"))).first().isEqualTo("date");
    assertThat(types(csv("x;n\n05.03.26;1\n06.04.26;2\n"))).first().isEqualTo("date");
    assertThat(types(csv("x;n\n15.3.26;1\n16.4.26;2\n28.2.26;2\n"))).first().isEqualTo("date");
  }

  @Test
  void aPlusIsKeptUnlessOtherNumbersHaveAMinus() {
    isTextWithNote("x", rows(30, "+491511234567#,#"), "lose the plus");
    isTextWithNote("x", rows(200, "+491511234567#,#") + "1.5,1\n-3,2\n", "lose the plus");
    assertThat(types(csv("x,n\n" + rows(30, "+#,#") + rows(30, "-#,#")))).first().isEqualTo("long");
  }

  @Test
  void wordsOfBooleansAreAPairOfOneLanguageAndNoCodes() {
    isTextWithNote("x", rows(20, "SI,#") + rows(20, "NO,#"), "codes");
    isTextWithNote("x", rows(500, "si,#") + rows(500, "no,#") + "de,1\n", "codes");
    isText("x", rows(20, "yes,#") + rows(20, "nein,#"));
    isText("x", rows(20, "ja,#"));
    assertThat(types(csv("x,n\n" + rows(20, "Si,#") + rows(20, "No,#"))))
        .first()
        .isEqualTo("boolean");
    assertThat(types(csv("x,n\n" + rows(20, "1,#") + rows(20, "0,#")))).first().isEqualTo("long");
    ContractProposal stated =
        ContractProposal.fromCsv(
            new ByteArrayInputStream(
                ("x,n\n" + rows(20, "1,#") + rows(20, "0,#")).getBytes(StandardCharsets.UTF_8)),
            FileFormat.csv().booleans("1", "0"));
    assertThat(types(stated)).first().isEqualTo("boolean");
  }

  @Test
  void oneUnitIsStatedAndSeveralStayText() {
    isTextWithNote("x", rows(20, "EUR 1.5#,#") + rows(20, "0.5#,#"), "a unit");
    isTextWithNote("x", rows(20, "12.5%,#") + rows(20, "0.5#,#"), "a unit");
    ContractProposal one = csv("x,n\n" + rows(20, "12.5%,#"));
    assertThat(types(one)).first().isEqualTo("decimal(18,1)");
    assertThat(one.readAs()).isEqualTo("1,234.56 % in x");
  }

  @Test
  void linesBeforeTheHeaderAreSkippedAndTold() {
    for (String before :
        List.of("Report 2026\n\n", "sep=;\n", "# made by\n# someone\n", "Report;;\n;;\n")) {
      ContractProposal proposal = csv(before + "name;amount;n\n" + rows(30, "a#;1,5#;#"));
      assertThat(types(proposal)).as(before).containsExactly("string", "decimal(18,3)", "long");
      assertThat(proposal.readAs()).as(before).contains("skipped at the start");
    }
    assertThat(types(csv("#,name\n" + rows(30, "#,a#")))).containsExactly("long", "string");
  }

  @Test
  void aFirstLineThatMayBeARowIsANote() {
    assertThat(csv("region;1;2;3\n" + rows(30, "r#;1#;5#;2#")).contract().schema().getFields())
        .extracting(Schema.Field::name)
        .containsExactly("region", "_1", "_2", "_3");
    assertThat(csv("region;1;2;3\n" + rows(30, "r#;1#;5#;2#")).notes())
        .containsExactly("the first line is read as names, because its numbers are consecutive");
    assertThat(csv("anna;bonn\nbert;trier\ncarl;ulm\n").notes())
        .anyMatch(note -> note.contains("If the first line is a row, call withoutHeader()"));
  }

  @Test
  void columnsWithoutNamesOrWithOneNameAreToldApart() {
    ContractProposal trailing = csv("a;b;\n" + rows(30, "#;x;"));
    assertThat(types(trailing)).containsExactly("long", "string");
    assertThat(trailing.notes())
        .containsExactly("column 3 has neither a name nor values: it is left out");
    assertThat(types(csv("a;b\n" + rows(30, "#;x;")))).containsExactly("long", "string");
    assertThat(types(csv("a;b;\n" + rows(30, "#;x")))).containsExactly("long", "string");
    ContractProposal several = csv(",name,name\n" + rows(30, "#,a,b"));
    assertThat(several.contract().schema().getFields())
        .extracting(Schema.Field::name)
        .containsExactly("column_1", "name", "name_2");
    assertThat(several.notes())
        .contains(
            "column 3 is called 'name_2', because another one is called 'name'",
            "column 1 has no name: it is called column_1");
  }

  @Test
  void yearsOfTwoDigitsThatMayBeOfThePastCenturyStayText() {
    isTextWithNote("Geburtsdatum", rows(9, "15.06.45,#"), "four digits");
    isTextWithNote("x", rows(9, "15.06.69,#"), "four digits");
    assertThat(types(csv("Geburtsdatum;n\n15.06.82;1\n16.07.01;2\n"))).first().isEqualTo("date");
  }

  @Test
  void whatAFileLosesOrMayMeanIsANote() {
    assertThat(csv("at,n\n" + rows(9, "2026-01-01 10:00:00.123456789,#")).notes())
        .containsExactly("column at keeps 6 digits of the fractions of seconds");
    assertThat(csv("item,n\n" + rows(9, "a#,#") + "Summe,45\n").notes())
        .containsExactly("the last line starts with 'Summe': a publish reads it as a row");
    assertThat(csv("day,n\n" + rows(98, "2026-01-01,#") + "soon,1\nlater,2\n").notes())
        .containsExactly("column day stays text: 2 of 100 values are not dates, such as 'soon'");
    assertThat(csv("email,n\n" + rows(98, "#,#") + "a@b.de,1\nc@d.de,2\n").notes())
        .as("about persons")
        .containsExactly("column email stays text: 2 of 100 values are not numbers");
  }

  @Test
  void whatIsToldAboutAFileIsInTheContract() {
    ContractProposal proposal =
        ContractProposal.fromCsv(
            new ByteArrayInputStream("a:b\n1:'x:y'\n2:nix\n".getBytes(StandardCharsets.UTF_8)),
            FileFormat.csv().separator(':').quote('\'').nullTexts("nix"));

    Contract contract = OdcsDocument.parse(proposal.asYaml()).contract();
    assertThat(contract.schema().getObjectProp("meshwork.textForm"))
        .hasToString("{nulls=[nix], quote=', separator=:}");
    assertThat(proposal.readAs()).isEqualTo("':', quote ', 'nix' is null");
  }
}
