package io.meshwork.internal.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.rows.RecordShredder;
import io.meshwork.internal.rows.RecordShredders;
import io.meshwork.internal.rows.TypeViolations;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TextColumnsTest {
  private static final Schema CONTRACT =
      new Schema.Parser()
          .parse(
              """
              {"type":"record","name":"R","fields":[
                {"name":"c","type":["null","string"],"default":null},
                {"name":"status","type":["null",
                  {"type":"enum","name":"Status","symbols":["OPEN","PAID"]}],"default":null}]}
              """);
  private static final org.apache.iceberg.Schema TABLE = IcebergSchemas.fromAvro(CONTRACT);

  private enum Status {
    OPEN,
    PAID
  }

  /** The texts of all rows, and the number of batches that have a dictionary. */
  private record Texts(List<@Nullable Object> values, List<Boolean> dictionaries) {}

  private static Texts read(int rows, IntFunction<@Nullable Object> text) {
    return read("c", rows, text);
  }

  private static Texts read(String column, int rows, IntFunction<@Nullable Object> text) {
    List<Map<String, @Nullable Object>> records =
        IntStream.range(0, rows).mapToObj(row -> record(column, text.apply(row))).toList();
    Texts read = new Texts(new ArrayList<>(), new ArrayList<>());
    try (RecordsInput input =
        new RecordsInput(
            records.iterator(),
            records,
            RecordShredders.forRecords(CONTRACT, TABLE),
            TABLE,
            () -> {},
            MeshAction.of(Verb.PUBLISH))) {
      for (VectorBatch batch = input.next(); batch != null; batch = input.next()) {
        Vector vector = batch.vector(TABLE.columns().indexOf(TABLE.findField(column)));
        read.dictionaries.add(vector instanceof DictionaryVector);
        for (int row = 0; row < batch.rows(); row++) {
          read.values.add(batch.valueAt(column, row));
        }
      }
    }
    return read;
  }

  private static Map<String, @Nullable Object> record(String column, @Nullable Object value) {
    Map<String, @Nullable Object> record = new HashMap<>();
    record.put(column, value);
    return record;
  }

  @Test
  void fewTextsAreADictionaryWhateverObjectsHoldThem() {
    List<Object> objects = List.of("OPEN", new StringBuilder("OPEN"), new Utf8("PAID"), "PAID", "");
    int rows = 3 * VectorBatch.ROWS / 2;

    Texts read = read(rows, row -> row % 7 == 0 ? null : objects.get(row % objects.size()));

    assertThat(read.dictionaries).containsExactly(true, true);
    assertThat(read.values)
        .isEqualTo(
            IntStream.range(0, rows)
                .mapToObj(row -> row % 7 == 0 ? null : objects.get(row % 5).toString())
                .toList());
  }

  @Test
  void symbolsAreADictionaryAsConstantsAndAsTexts() {
    Texts read = read("status", 1_000, row -> row % 2 == 0 ? Status.PAID : "OPEN");

    assertThat(read.dictionaries).containsExactly(true);
    assertThat(read.values)
        .isEqualTo(
            IntStream.range(0, 1_000).mapToObj(row -> row % 2 == 0 ? "PAID" : "OPEN").toList());
  }

  @Test
  void anAvroTextThatItsReaderReusesKeepsEachValue() {
    Utf8 reused = new Utf8();
    List<Map<String, @Nullable Object>> records = Collections.nCopies(1_000, record("c", reused));
    VectorBatch batch = TextColumns.emptyBatch(TABLE);
    RecordShredder shredder = RecordShredders.forRecords(CONTRACT, TABLE);
    TypeViolations violations = new TypeViolations();
    List<String> texts = List.of("one", "two", "three");
    for (int row = 0; row < records.size(); row++) {
      reused.set(texts.get(row % 3));
      shredder.shred(records.get(row), batch, violations);
    }

    VectorBatch settled = TextColumns.settled(batch, batch.rows());

    assertThat(settled.vector(0)).isSameAs(batch.vector(0));
    assertThat(((DictionaryVector) batch.vector(0)).dictionary().size()).isEqualTo(3);
    for (int row = 0; row < records.size(); row++) {
      assertThat(settled.valueAt("c", row)).isEqualTo(texts.get(row % 3));
    }
  }

  @Test
  void manyTextsHaveNoDictionaryInAnyBatch() {
    Random random = new Random(1);
    List<String> texts =
        IntStream.range(0, 2 * VectorBatch.ROWS)
            .mapToObj(row -> "text " + random.nextInt(50_000))
            .toList();

    Texts read = read(texts.size(), texts::get);

    assertThat(read.dictionaries).containsExactly(false, false);
    assertThat(read.values).isEqualTo(texts);
  }

  @Test
  void aDictionaryThatGrowsTooLargeEndsWithItsBatch() {
    int recognized = DictionaryVector.Texts.MAX_RECOGNIZED;
    IntFunction<Object> growing =
        row -> row < VectorBatch.ROWS ? "few" : "text " + row % (2 * recognized);

    Texts read = read(3 * VectorBatch.ROWS, growing::apply);

    assertThat(read.dictionaries).containsExactly(true, false, false);
    assertThat(read.values)
        .isEqualTo(IntStream.range(0, 3 * VectorBatch.ROWS).mapToObj(growing).toList());
  }

  @Test
  void nullsAloneHaveNoDictionary() {
    Texts read = read(1_000, row -> null);

    assertThat(read.dictionaries).containsExactly(false);
    assertThat(read.values).isEqualTo(Collections.nCopies(1_000, null));
  }

  @Test
  void longTextsAreNotRecognized() {
    String text = "x".repeat(65);

    assertThat(read(100, row -> text).dictionaries).containsExactly(false);
    assertThat(read(100, row -> text.substring(1)).dictionaries).containsExactly(true);
  }
}
