package io.meshwork.internal.materializers;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.rows.FlatTypes;
import io.meshwork.internal.rows.NestedRows;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DictionaryValuesTest {
  private static final Schema CONTRACT =
      FlatTypes.nullable(
          """
          text  | "string"
          color | {"type":"enum","name":"Color","symbols":["RED","GREEN","BLUE"]}
          raw   | "bytes"
          """);
  private static final org.apache.iceberg.Schema TABLE = FlatTypes.table(CONTRACT);

  record CodedRow(Optional<String> text, FlatTypes.Color color, ByteBuffer raw) {}

  /** What rows are read as: texts and symbols by their columns. */
  enum Target {
    JAVA_RECORDS {
      @Override
      Function<VectorBatch, List<Map<String, Object>>> reader() {
        RowMaterializer<CodedRow> rows = RowMaterializers.asRecord(CodedRow.class, TABLE, CONTRACT);
        return batch -> {
          List<Map<String, Object>> read = new ArrayList<>();
          rows.rows(batch)
              .forEachRemaining(
                  row ->
                      read.add(
                          Map.of(
                              "text", row.text().orElseThrow(),
                              "color", row.color(),
                              "raw", row.raw())));
          return read;
        };
      }
    },
    AVRO {
      @Override
      Function<VectorBatch, List<Map<String, Object>>> reader() {
        RowMaterializer<GenericRecord> rows = RowMaterializers.asAvro(TABLE, CONTRACT);
        return batch ->
            NestedRows.all(rows, batch).stream()
                .map(
                    row ->
                        Map.of(
                            "text", row.get("text"),
                            "color", row.get("color"),
                            "raw", row.get("raw")))
                .toList();
      }
    },
    MAPS {
      @Override
      Function<VectorBatch, List<Map<String, Object>>> reader() {
        RowMaterializer<Map<String, Object>> rows = RowMaterializers.asMap(TABLE);
        return batch -> NestedRows.all(rows, batch);
      }
    };

    abstract Function<VectorBatch, List<Map<String, Object>>> reader();
  }

  @ParameterizedTest
  @EnumSource
  void batchesOfOneDictionaryShareItsTextsAndSymbols(Target target) {
    Function<VectorBatch, List<Map<String, Object>>> reader = target.reader();
    List<Vector> dictionaries = dictionaries("a note", "RED", "GREEN");

    List<Map<String, Object>> first = reader.apply(batch(dictionaries, 0, 1, 0));
    List<Map<String, Object>> second = reader.apply(batch(dictionaries, 1, 0));

    assertThat(texts(first)).containsExactly("a note RED", "a note GREEN", "a note RED");
    assertThat(texts(second)).containsExactly("a note GREEN", "a note RED");
    for (String column : List.of("text", "color")) {
      assertThat(second.get(1).get(column)).isSameAs(first.get(0).get(column));
      assertThat(second.get(0).get(column)).isSameAs(first.get(1).get(column));
    }
  }

  @ParameterizedTest
  @EnumSource
  void anotherDictionaryIsReadAnew(Target target) {
    Function<VectorBatch, List<Map<String, Object>>> reader = target.reader();

    assertThat(texts(reader.apply(batch(dictionaries("one", "RED"), 0))))
        .containsExactly("one RED");
    assertThat(texts(reader.apply(batch(dictionaries("two", "BLUE"), 0))))
        .containsExactly("two BLUE");
    assertThat(texts(reader.apply(batch(dictionaries("one", "RED"), 0))))
        .containsExactly("one RED");
  }

  @ParameterizedTest
  @EnumSource
  void entriesThatAreAddedAreRead(Target target) {
    Function<VectorBatch, List<Map<String, Object>>> reader = target.reader();
    List<Vector> dictionaries = dictionaries("a note", "RED");
    List<Map<String, Object>> before = reader.apply(batch(dictionaries, 0));

    append(dictionaries, "a note", "GREEN");
    List<Map<String, Object>> after = reader.apply(batch(dictionaries, 1, 0));

    assertThat(texts(after)).containsExactly("a note GREEN", "a note RED");
    assertThat(after.get(1).get("text")).isSameAs(before.get(0).get("text"));
  }

  @ParameterizedTest
  @EnumSource
  void eachRowHasItsOwnBuffer(Target target) {
    List<Map<String, Object>> rows =
        target.reader().apply(batch(dictionaries("text", "RED"), 0, 0));

    ((ByteBuffer) Objects.requireNonNull(rows.get(0).get("raw"))).put(0, (byte) 'X');

    assertThat(rows.get(1).get("raw"))
        .isEqualTo(ByteBuffer.wrap("raw".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void valuesOfAnotherDictionaryAreForgotten() {
    DictionaryValues values = new DictionaryValues();
    Vector one = dictionaries("one", "RED").get(0);

    values.of(one)[0] = "one";

    assertThat(values.of(one)).containsExactly("one");
    assertThat(values.of(dictionaries("two", "RED").get(0))).containsExactly((Object) null);
    assertThat(values.of(one)).containsExactly((Object) null);
  }

  private static List<String> texts(List<Map<String, Object>> rows) {
    return rows.stream().map(row -> row.get("text") + " " + row.get("color")).toList();
  }

  /** Returns the dictionaries of the three columns, with an entry for each symbol. */
  private static List<Vector> dictionaries(String text, String... symbols) {
    List<Vector> dictionaries = List.of(new BytesVector(), new BytesVector(), new BytesVector());
    append(dictionaries, text, symbols);
    return dictionaries;
  }

  private static void append(List<Vector> dictionaries, String text, String... symbols) {
    for (String symbol : symbols) {
      append(dictionaries.get(0), text);
      append(dictionaries.get(1), symbol);
      append(dictionaries.get(2), "raw");
    }
  }

  private static void append(Vector dictionary, String entry) {
    ((BytesVector) dictionary).append(entry.getBytes(StandardCharsets.UTF_8));
  }

  private static VectorBatch batch(List<Vector> dictionaries, int... entries) {
    List<Vector> vectors = new ArrayList<>();
    for (Vector dictionary : dictionaries) {
      DictionaryVector vector = new DictionaryVector(dictionary);
      for (int entry : entries) {
        vector.append(entry);
      }
      vectors.add(vector);
    }
    return new VectorBatch(TABLE, vectors);
  }
}
