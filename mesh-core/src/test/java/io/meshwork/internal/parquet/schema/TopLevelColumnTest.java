package io.meshwork.internal.parquet.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.parquet.schema.ParquetFileSchema.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.iceberg.mapping.MappedField;
import org.apache.iceberg.mapping.MappedFields;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.junit.jupiter.api.Test;

/** Columns of a file by their names and IDs. */
class TopLevelColumnTest {
  @Test
  void ofColumnsWithTheSameNameTheFirstIsFound() {
    ParquetFileSchema schema = ParquetFileSchema.stored(flat(List.of("a", "b", "a")));

    assertThat(schema.column("a")).isSameAs(schema.columns().get(0));
    assertThat(schema.column("b")).isSameAs(schema.columns().get(1));
    assertThat(schema.column(3)).isSameAs(schema.columns().get(2));
  }

  @Test
  void ofColumnsToWhichAMappingGivesTheSameIdTheFirstIsFound() {
    ParquetFileSchema schema =
        ParquetFileSchema.of(flat(List.of("x", "b", "a", "c")))
            .named(
                MappedFields.of(
                    MappedField.of(7, List.of("a", "b")), MappedField.of(2, List.of("c"))));

    assertThat(schema.column(7)).isSameAs(schema.columns().get(1));
    assertThat(schema.column(2)).isSameAs(schema.columns().get(3));
    assertThat(schema.column("a")).isSameAs(schema.columns().get(2));
    assertThat(schema.column(-1)).isSameAs(schema.columns().get(0));
  }

  @Test
  void aFieldOfAStructIsNoColumn() {
    ParquetFileSchema schema =
        ParquetFileSchema.of(
            List.of(
                new SchemaElement("m").setNum_children(1),
                new SchemaElement("s")
                    .setNum_children(1)
                    .setRepetition_type(FieldRepetitionType.OPTIONAL)
                    .setField_id(4),
                leaf("a").setField_id(5)));

    assertThat(schema.column("s")).isSameAs(schema.columns().get(0));
    assertThat(schema.column(4)).isSameAs(schema.columns().get(0));
    assertThat(schema.column("a")).isNull();
    assertThat(schema.column(5)).isNull();
  }

  @Test
  void eachColumnOfAWideFileIsFound() {
    List<String> names = IntStream.range(0, 200_000).mapToObj(i -> "c" + i).toList();

    ParquetFileSchema schema = ParquetFileSchema.of(flat(names));

    List<Field> columns = schema.columns();
    assertThat(columns).hasSameSizeAs(names);
    assertThat(names.stream().map(schema::column).toList()).isEqualTo(columns);
    assertThat(columns.stream().map(column -> schema.column(column.id())).toList())
        .isEqualTo(columns);
  }

  private static List<SchemaElement> flat(List<String> names) {
    List<SchemaElement> elements = new ArrayList<>();
    elements.add(new SchemaElement("m").setNum_children(names.size()));
    names.forEach(name -> elements.add(leaf(name)));
    return elements;
  }

  private static SchemaElement leaf(String name) {
    return new SchemaElement(name)
        .setType(Type.INT32)
        .setRepetition_type(FieldRepetitionType.OPTIONAL);
  }
}
