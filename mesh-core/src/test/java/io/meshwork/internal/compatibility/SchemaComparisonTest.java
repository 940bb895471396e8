package io.meshwork.internal.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.internal.compatibility.SchemaChange.SchemaCode;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaComparisonTest {
  /**
   * The pair whose storage is recorded as rejected, by a mapping without a type for {@code
   * time-millis}; Meshwork stores both units as the same type.
   */
  private static final String TIMES_OF_ONE_TYPE = "cv-060";

  @Test
  void thereAreNinetyThreeGoldenPairs() {
    assertThat(GoldenPair.all()).hasSize(93);
  }

  @Test
  void eachKindOfChangeHasTheFindingCodeOfItsName() {
    for (SchemaChange.SchemaCode code : SchemaChange.SchemaCode.values()) {
      assertThat(code.finding()).hasToString(code.name());
    }
  }

  @ParameterizedTest
  @MethodSource("io.meshwork.internal.compatibility.GoldenPair#all")
  void goldenPairHasItsVerdict(GoldenPair pair) {
    SchemaComparison comparison = SchemaComparison.of(pair.before(), pair.after());

    assertThat(comparison.verdict()).hasToString(pair.verdict());
    assertThat(comparison.reason()).hasToString(pair.reasonCode());
    assertThat(comparison.backward()).as("backward").isEqualTo(pair.backward());
    assertThat(comparison.forward()).as("forward").isEqualTo(pair.forward());
    assertThat(GoldenPair.text(comparison.inPlace()))
        .isEqualTo(pair.id().equals(TIMES_OF_ONE_TYPE) ? "yes" : pair.inPlace());
  }

  @ParameterizedTest
  @MethodSource("io.meshwork.internal.compatibility.GoldenPair#all")
  void breakingChangeReportsPathAndAlternative(GoldenPair pair) {
    for (SchemaChange change : SchemaComparison.of(pair.before(), pair.after()).changes()) {
      assertThat(change.what()).endsWith(".");
      if (!change.consumersSafe() || !change.historySafe()) {
        assertThat(change.fix()).as(change.toString()).endsWith(".");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'array','items':['null',{'type':'map','values':{'type':'record','name':'R',"
            + "'fields':[{'name':'x','type':'int'}]}}]}"
            + " | {'type':'array','items':['null',{'type':'map','values':{'type':'record','name':"
            + "'R','fields':[{'name':'x','type':'long'}]}}]} | CONSUMER_BREAK v[]{}.x",
        "['null',{'type':'record','name':'R','fields':[{'name':'x','type':'int','default':1}]}]"
            + " | ['null',{'type':'record','name':'R','fields':[{'name':'y','type':'int',"
            + "'default':1}]}] | SILENT_LOSS v.x, FIELD_ADDED_COMPAT v.y",
        "{'type':'array','items':{'type':'enum','name':'E','symbols':['A','B']}}"
            + " | {'type':'array','items':{'type':'enum','name':'E','symbols':['B','C'],"
            + "'default':'B'}} | CONSUMER_BREAK v[], SILENT_LOSS v[], ENUM_DEFAULT v[]",
        "['null',{'type':'enum','name':'E','symbols':['A','B'],'default':'A'}]"
            + " | ['null',{'type':'enum','name':'E','symbols':['A','B','C'],'default':'B'}]"
            + " | ENUM_FOLDED v, ENUM_DEFAULT v",
        "{'type':'map','values':{'type':'fixed','name':'F','size':4}}"
            + " | {'type':'map','values':{'type':'fixed','name':'F','size':5}}"
            + " | CONSUMER_BREAK v{}, HISTORY_UNREADABLE v{}",
        "{'type':'array','items':'int'} | {'type':'array','items':['null','int']}"
            + " | CONSUMER_BREAK v[]",
        "{'type':'array','items':['null','int']} | {'type':'array','items':['int','null']}"
            + " | ORDER_ONLY v[]",
        "['null','int'] | ['int','null'] | ORDER_ONLY v",
        "'int' | ['null','long'] | CONSUMER_BREAK v, CONSUMER_BREAK v",
        "{'type':'bytes','logicalType':'decimal','precision':9,'scale':2}"
            + " | {'type':'bytes','logicalType':'decimal','precision':8,'scale':3}"
            + " | SILENT_MISREAD v, HISTORY_UNREADABLE v",
        "{'type':'bytes','logicalType':'decimal','precision':9}"
            + " | {'type':'bytes','logicalType':'decimal','precision':9,'scale':0} | ",
        "{'type':'bytes','logicalType':'decimal','precision':9} | 'bytes' | SILENT_MISREAD v",
        "{'type':'string','logicalType':'uuid'} | 'bytes' | SILENT_MISREAD v",
        "'int' | {'type':'long','logicalType':'timestamp-micros'}"
            + " | SILENT_MISREAD v, CONSUMER_BREAK v",
        "{'type':'record','name':'R','fields':[{'name':'x','type':'int'}]}"
            + " | {'type':'record','name':'S','aliases':['R'],'fields':[{'name':'x','type':"
            + "'int'}]} | NAME_CHANGED v, CONSUMER_BREAK v, ALIAS_ONLY v",
        "{'type':'record','name':'R','namespace':'a','fields':[{'name':'x','type':"
            + "{'type':'enum','name':'E','symbols':['A']}}]}"
            + " | {'type':'record','name':'R','namespace':'b','fields':[{'name':'x','type':"
            + "{'type':'enum','name':'E','symbols':['A']}}]}"
            + " | NAMESPACE_CHANGED v, NAMESPACE_CHANGED v.x",
        "['null',{'type':'record','name':'a.R','fields':[{'name':'x','type':'int'}]}]"
            + " | ['null',{'type':'record','name':'b.R','fields':[{'name':'x','type':'int'}]}]"
            + " | NAMESPACE_CHANGED v",
        "['null',{'type':'enum','name':'a.E','symbols':['A']}]"
            + " | ['null',{'type':'enum','name':'b.E','symbols':['A']}]"
            + " | CONSUMER_BREAK v, HISTORY_UNREADABLE v, NAMESPACE_CHANGED v",
        "{'type':'array','items':['null',{'type':'fixed','name':'a.F','size':1}]}"
            + " | {'type':'array','items':['null',{'type':'fixed','name':'b.F','size':1}]}"
            + " | CONSUMER_BREAK v[], HISTORY_UNREADABLE v[], NAMESPACE_CHANGED v[]"
      })
  void changesAreFoundAtEveryDepth(String before, String after, String expected) {
    assertThat(found(column(before), column(after)))
        .isEqualTo(expected == null ? List.of() : List.of(expected.split(", ")));
  }

  @Test
  void namedTypeUsedTwiceIsComparedAtBothPaths() {
    String before =
        """
        {"type": "record", "name": "Row", "fields": [
          {"name": "a", "type": {"type": "record", "name": "R", "fields": [
            {"name": "x", "type": "int"}]}},
          {"name": "b", "type": {"type": "array", "items": "R"}}]}\
        """;

    assertThat(found(before, before.replace("\"int\"", "\"long\"")))
        .containsExactly("CONSUMER_BREAK a.x", "CONSUMER_BREAK b[].x");
  }

  @Test
  void changesOfARenamedColumnHaveItsOldPathAndNameTheNewOne() {
    Schema before =
        schema(
            """
            {"type": "record", "name": "Row", "fields": [
              {"name": "kept", "type": "int"},
              {"name": "old", "type": "int"},
              {"name": "none", "type": ["null", "string"], "default": null},
              {"name": "lines", "type": {"type": "array", "items":
                {"type": "record", "name": "Line", "fields": [
                  {"name": "qty", "type": "long"}]}}}]}\
            """);
    Schema after =
        schema(
            """
            {"type": "record", "name": "Row", "fields": [
              {"name": "kept", "type": "int"},
              {"name": "now", "type": "string"},
              {"name": "some", "type": ["null", "string"], "default": null},
              {"name": "lines", "type": {"type": "array", "items":
                {"type": "record", "name": "Line", "fields": [
                  {"name": "quantity", "type": "long"}]}}}]}\
            """);

    SchemaComparison comparison =
        SchemaComparison.ofNewMajor(
            before, after, Map.of("old", "now", "none", "some", "lines[].qty", "lines[].quantity"));

    assertThat(comparison.changes())
        .extracting(change -> change.code() + " " + change.path() + " " + change.consumersSafe())
        .containsExactly(
            "CONSUMER_BREAK lines[].qty false",
            "CONSUMER_BREAK old false",
            "CONSUMER_BREAK old false",
            "HISTORY_UNREADABLE old true",
            "SILENT_LOSS none false");
    assertThat(comparison.changes())
        .extracting(SchemaChange::what)
        .contains(
            "old was renamed to now; read now in its place.",
            "old (renamed to now) became string, which old readers cannot read.",
            "lines[].qty was renamed to quantity; read lines[].quantity in its place.",
            "none was renamed to some, so reads that name none fail, and readers whose schema has a"
                + " default for it get the default without an error; read some in its place.");
  }

  @Test
  void aColumnRenamedInARenamedRecordHasThePathsOfBothSchemas() {
    String record =
        "'%s','type':['null',{'type':'record','name':'Address','fields':["
            + "{'name':'%s','type':%s},{'name':'zip','type':%s}]}],'default':null";

    SchemaComparison comparison =
        SchemaComparison.ofNewMajor(
            schema(record(record.formatted("address", "city", "'string'", "'int'"))),
            schema(record(record.formatted("place", "town", "['null','string']", "'long'"))),
            Map.of("address", "place", "address.city", "place.town"));

    assertThat(comparison.changes())
        .filteredOn(change -> !change.consumersSafe())
        .extracting(SchemaChange::path, SchemaChange::what)
        .containsExactlyInAnyOrder(
            tuple(
                "address",
                "address was renamed to place, so reads that name address fail, and readers whose"
                    + " schema has a default for it get the default without an error; read place in"
                    + " its place."),
            tuple(
                "address.city",
                "address.city was renamed to place.town; read place.town in its place."),
            tuple(
                "address.city",
                "address.city (renamed to place.town) may be null now, which old readers do not"
                    + " support."),
            tuple(
                "address.zip",
                "address.zip (renamed to place.zip) became long, which old readers cannot read."));
  }

  @Test
  void aReusedNameIsMisreadOnlyIfOldReadersCanReadItsType() {
    Schema before = schema(record("'a','type':'string'},{'name':'b','type':'int'"));

    SchemaComparison sameType =
        SchemaComparison.ofNewMajor(
            before,
            schema(record("'c','type':'string'},{'name':'a','type':'string'")),
            Map.of("a", "c"));
    SchemaComparison otherType =
        SchemaComparison.ofNewMajor(
            before,
            schema(record("'c','type':'string'},{'name':'a','type':'int'")),
            Map.of("a", "c", "b", "a"));

    assertThat(sameType.changes())
        .extracting(change -> change.code() + " " + change.what())
        .contains(
            "SILENT_MISREAD a was renamed to c, and another column has its name now, which readers"
                + " read without an error; read c in its place.");
    assertThat(otherType.changes())
        .extracting(change -> change.code() + " " + change.what())
        .contains(
            "CONSUMER_BREAK a was renamed to c, and a column of another type has its name now; read"
                + " c in its place.");
  }

  @Test
  void changesOfANewMajorVersionDoNotAdviseToRollOneOut() {
    Schema before =
        schema(
            record(
                "'a','type':'int'}, {'name':'b','type':'string'}, {'name':'c','type':'int'},"
                    + "{'name':'d','type':{'type':'fixed','name':'F','size':4}"));
    Schema after =
        schema(
            record(
                "'a','type':['null','int']}, {'name':'b','type':'long'},"
                    + "{'name':'d','type':{'type':'fixed','name':'F','size':5}"));

    assertThat(SchemaComparison.ofLegal(before, after).changes())
        .extracting(SchemaChange::fix)
        .anyMatch(fix -> fix.contains("startRollout(..)"))
        .anyMatch(fix -> fix.contains("next major version"));
    assertThat(SchemaComparison.ofNewMajor(before, after, Map.of()).changes())
        .hasSize(SchemaComparison.ofLegal(before, after).changes().size())
        .extracting(SchemaChange::fix)
        .noneMatch(fix -> fix.contains("startRollout") || fix.contains("next major version"));
  }

  @Test
  void aRenamedColumnThatTakesTheNameOfARemovedOneIsMisreadUnderBothNames() {
    Schema before = schema(record("'a','type':'int'}, {'name':'b','type':'int'"));
    Schema after = schema(record("'b','type':'int'"));

    assertThat(SchemaComparison.ofNewMajor(before, after, Map.of("a", "b")).changes())
        .extracting(change -> change.code() + " " + change.path())
        .containsExactly("SILENT_MISREAD b", "CONSUMER_BREAK a");
    assertThat(SchemaComparison.ofNewMajor(before, before, Map.of("a", "b", "b", "a")).changes())
        .extracting(change -> change.code() + " " + change.path())
        .containsExactly("SILENT_MISREAD a", "SILENT_MISREAD b");
  }

  @Test
  void aNameOfATypeDiffersFromOtherBreaks() {
    Schema before =
        schema(
            record("'v','type':['null',{'type':'record','name':'R','fields':[]}],'default':null"));
    Schema after = schema(before.toString().replace("\"R\"", "\"S\""));

    assertThat(SchemaComparison.ofLegal(before, after).changes())
        .filteredOn(change -> !change.consumersSafe())
        .hasSizeGreaterThan(1)
        .allMatch(SchemaChange::typeNames);
    assertThat(SchemaComparison.ofLegal(before, schema(record("'w','type':'int'"))).changes())
        .filteredOn(change -> !change.consumersSafe())
        .isNotEmpty()
        .noneMatch(SchemaChange::typeNames);
  }

  private static String record(String fields) {
    return ("{'type':'record','name':'Row','fields':[{'name':" + fields + "}]}").replace('\'', '"');
  }

  private static Schema schema(String text) {
    return new Schema.Parser().parse(text);
  }

  @Test
  void typeDefinedElsewhereInTheTextIsTheSame() {
    String definedByA =
        """
        {"type": "record", "name": "Row", "fields": [
          {"name": "a", "type": {"type": "enum", "name": "E", "symbols": ["A"]}},
          {"name": "b", "type": "E"}]}\
        """;
    String definedByB =
        """
        {"type": "record", "name": "Row", "fields": [
          {"name": "b", "type": {"type": "enum", "name": "E", "symbols": ["A"]}},
          {"name": "a", "type": "E"}]}\
        """;

    assertThat(found(definedByA, definedByB)).containsExactly("ORDER_ONLY ");
  }

  @Test
  void differentSpellingOfTheSameSchemaIsIdentical() {
    String short_ = column("'int'").replace("Row", "mesh.Row");
    String long_ =
        """
        {"namespace": "mesh", "name": "Row", "aliases": [], "fields": [
          {"type": {"type": "int"}, "name": "v"}], "type": "record"}\
        """;

    SchemaComparison comparison = SchemaComparison.of(short_, long_);

    assertThat(comparison.reason()).isEqualTo(SchemaCode.IDENTICAL);
    assertThat(comparison.changes()).isEmpty();
  }

  @Test
  void differentNotationOfADefaultIsTheSame() {
    assertThat(
            found(
                columns("{'name':'v','type':'double','default':1}"),
                columns("{'name':'v','type':'double','default':1.0}")))
        .isEmpty();
  }

  @Test
  void allChangesAreReported() {
    assertThat(
            found(
                columns(
                    "{'name':'a','type':'string'},{'name':'b','type':'int'},"
                        + "{'name':'c','type':'int','doc':'x'},{'name':'d','type':'int'}"),
                columns(
                    "{'name':'d','type':['null','int']},{'name':'a','type':'bytes'},"
                        + "{'name':'c','type':'int','doc':'y'},{'name':'e','type':'int'}")))
        .containsExactly(
            "SILENT_MISREAD a",
            "CONSUMER_BREAK b",
            "CONSUMER_BREAK d",
            "HISTORY_UNREADABLE e",
            "ORDER_ONLY ",
            "DOC_ONLY c");
  }

  @Test
  void changedMeaningIsABreakIfNothingResolves() {
    String millis = "{'name':'a','type':{'type':'long','logicalType':'timestamp-millis'}}";
    String micros = millis.replace("millis", "micros");

    assertThat(
            found(
                columns(millis + ",{'name':'b','type':'int'}"),
                columns(micros + ",{'name':'b','type':'string'}")))
        .containsExactly("CONSUMER_BREAK a", "CONSUMER_BREAK b", "HISTORY_UNREADABLE b");
  }

  @Test
  void aliasOfAnotherColumnIsAmbiguousForReaders() {
    SchemaComparison comparison =
        SchemaComparison.of(
            columns("{'name':'a','type':'int'},{'name':'b','type':'int'}"),
            columns("{'name':'a','type':'int','aliases':['b']},{'name':'b','type':'int'}"));

    assertThat(comparison.backward()).isFalse();
    assertThat(comparison.reason()).isEqualTo(SchemaCode.HISTORY_UNREADABLE);
    assertThat(comparison.changes().get(0).path()).isEqualTo("a");
  }

  @Test
  void newColumnWithAnotherColumnsNameAsAliasReadsItsValues() {
    String before = columns("{'name':'a','type':'int'}");
    String after =
        columns("{'name':'a','type':'int'},{'name':'b','type':'int','aliases':['a'],'default':0}");

    assertThat(found(before, after))
        .containsExactly("HISTORY_UNREADABLE b", "FIELD_ADDED_COMPAT b");
    assertThat(found(after, before)).containsExactly("CONSUMER_BREAK b", "SILENT_LOSS b");
  }

  @Test
  void renamedColumnIsReportedToKeepItsValues() {
    SchemaComparison comparison =
        SchemaComparison.of(
            columns("{'name':'a','type':'int'}"),
            columns("{'name':'b','type':'int','aliases':['a']}"));

    assertThat(comparison.changes())
        .filteredOn(change -> change.code() == SchemaCode.FIELD_ADDED_COMPAT)
        .extracting(SchemaChange::what)
        .singleElement()
        .asString()
        .contains("old rows have the values of a");
  }

  @Test
  void aliasOfAnotherTypeDoesNotFillAColumn() {
    assertThat(
            found(
                columns("{'name':'a','type':'string'}"),
                columns("{'name':'b','type':'int','aliases':['a']}")))
        .containsExactly("CONSUMER_BREAK a", "HISTORY_UNREADABLE b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'name':'n','type':{'type':'map','values':'int'},'default':{}} | yes-as-optional",
        "{'name':'n','type':{'type':'array','items':'int'},'default':[1]} | no",
        "{'name':'n','type':[{'type':'array','items':'int'},'null'],'default':[]} | no",
        "{'name':'n','type':['null',{'type':'long','logicalType':'timestamp-nanos'}],"
            + "'default':null} | yes-v3",
        "{'name':'n','type':{'type':'record','name':'R','fields':[{'name':'x','type':'int'}]},"
            + "'default':{'x':1}} | no",
        "{'name':'n','type':{'type':'fixed','name':'F','size':1},'default':'a'} | yes-v3"
      })
  void tableAddsANewColumnAsItsDefaultAllows(String field, String expected) {
    SchemaComparison comparison =
        SchemaComparison.of(column("'int'"), columns("{'name':'v','type':'int'}," + field));

    assertThat(comparison.reason()).isEqualTo(SchemaCode.FIELD_ADDED_COMPAT);
    assertThat(GoldenPair.text(comparison.inPlace())).isEqualTo(expected);
  }

  @Test
  void everyFindingOfAnIllegalSchemaIsReportedWithItsPath() {
    SchemaComparison comparison =
        SchemaComparison.of(
            column("'int'"),
            columns("{'name':'a','type':'null'},{'name':'b','type':['int','string']}"));

    assertThat(comparison.reason()).isEqualTo(SchemaCode.TYPE_REFUSED);
    assertThat(comparison.changes())
        .extracting(SchemaChange::path)
        .containsExactlyInAnyOrder("a", "b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"x", "7", "{}", "{'type':'record'}", "{'type':'record','name':'R'}"})
  void schemaThatAvroCannotParseIsRejected(String text) {
    SchemaComparison comparison = SchemaComparison.of(text.replace('\'', '"'), column("'int'"));

    assertThat(comparison.reason()).isEqualTo(SchemaCode.TYPE_REFUSED);
    assertThat(comparison.backward()).isFalse();
    assertThat(comparison.forward()).isFalse();
    assertThat(comparison.changes()).isNotEmpty();
  }

  static List<String> found(String before, String after) {
    return SchemaComparison.of(before, after).changes().stream()
        .map(change -> change.code() + " " + change.path())
        .toList();
  }

  static String column(String type) {
    return columns("{'name':'v','type':" + type + "}");
  }

  static String columns(String fields) {
    return "{'type':'record','name':'Row','fields':[%s]}".formatted(fields).replace('\'', '"');
  }
}
