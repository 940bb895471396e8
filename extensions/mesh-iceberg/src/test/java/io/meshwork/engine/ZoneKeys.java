package io.meshwork.engine;

import io.meshwork.internal.condition.RowCondition.References;
import io.meshwork.internal.quality.OtherProducts;
import io.meshwork.internal.quality.ReferencedKeys;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import io.meshwork.product.ProductName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;

/**
 * The product that the rules of a {@link RandomProduct} refer to, with three rows.
 *
 * @param known false where no rule is evaluated, which then has no keys
 */
record ZoneKeys(boolean known) implements OtherProducts {
  private static final Schema COLUMNS =
      new Schema(
          Types.NestedField.required(1, "zone", Types.StringType.get()),
          Types.NestedField.required(2, "weight", Types.LongType.get()));

  @Override
  public ReferencedKeys keys(References condition, Schema schema) {
    return known
        ? TaskThreads.sent(OtherProducts.super.keys(condition, schema))
        : ReferencedKeys.NOT_READ;
  }

  @Override
  public boolean isOwn(ProductName product) {
    return product.toString().equals(RandomProduct.ITSELF);
  }

  @Override
  public SnapshotRows of(ProductName product) {
    return product.toString().equals(RandomProduct.ZONES)
        ? new ThreeRows()
        : SnapshotRows.unreadable("there is no product " + product);
  }

  private static final class ThreeRows implements SnapshotRows {
    @Override
    public String gap() {
      return "";
    }

    @Override
    public String name() {
      return "snapshot 1 of " + RandomProduct.ZONES;
    }

    @Override
    public Schema schema() {
      return COLUMNS;
    }

    @Override
    public long count() {
      return 3;
    }

    @Override
    public void read(Set<Integer> fieldIds, Consumer<VectorBatch> receiver) {
      BytesVector zones = new BytesVector();
      LongVector weights = new LongVector();
      for (int i = 0; i < count(); i++) {
        zones.append(("z" + i).getBytes(StandardCharsets.UTF_8));
        weights.append(1 + 4L * i);
      }
      List<Vector> vectors = new ArrayList<>();
      Schema selected = TypeUtil.select(COLUMNS, fieldIds);
      selected.columns().forEach(column -> vectors.add(column.fieldId() == 1 ? zones : weights));
      receiver.accept(new VectorBatch(selected, vectors, (int) count()));
    }
  }
}
