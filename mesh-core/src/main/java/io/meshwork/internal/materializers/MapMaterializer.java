package io.meshwork.internal.materializers;

import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Creates maps from column name to value. */
final class MapMaterializer implements RowMaterializer<Map<String, @Nullable Object>> {
  private final List<Cell> cells;

  MapMaterializer(Schema columns) {
    cells =
        columns.columns().stream().map(column -> new Cell(column, new DictionaryValues())).toList();
  }

  @Override
  public Map<String, @Nullable Object> row(VectorBatch batch, int row) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>(cells.size() * 2);
    for (int i = 0; i < cells.size(); i++) {
      Cell cell = cells.get(i);
      values.put(cell.column.name(), cell.value(batch.vector(i), row));
    }
    return values;
  }

  private record Cell(Types.NestedField column, DictionaryValues entries) {
    @Nullable Object value(Vector vector, int row) {
      return vector instanceof DictionaryVector encoded && !vector.isNull(row)
          ? entry(encoded.dictionary(), encoded.index(row))
          : VectorBatch.value(column.type(), vector, row);
    }

    private @Nullable Object entry(Vector dictionary, int entry) {
      @Nullable Object[] values = entries.of(dictionary);
      Object value = values[entry];
      if (value == null) {
        value = VectorBatch.value(column.type(), dictionary, entry);
        DictionaryValues.keep(values, entry, value);
      }
      return value;
    }
  }
}
